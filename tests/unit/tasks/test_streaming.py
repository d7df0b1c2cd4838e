"""Step by step, the same answers as for the whole input."""

import numpy as np
import pytest
from test_contract import CELLS, _rows, _task, _train

from seqtasks.errors import RunError
from seqtasks.predictor import Predictor


def _predictor(name: str, cell: str, **replaced: str) -> Predictor:
    task = _task(name, cell, **replaced)
    model = task.build()
    _train(task, model, _rows(name), steps=3)
    return Predictor(task, model)


@pytest.mark.parametrize("cell", CELLS)
def test_tags_come_one_by_one(cell):
    frames = np.random.default_rng(0).normal(size=(30, 2)).tolist()
    predictor = _predictor("frame_tagging", cell)
    assert [answer.value for answer in predictor.stream(iter(frames))] == predictor.predict([frames])[0]


def test_words_are_tagged_one_by_one():
    predictor = _predictor("tagging", "lstm", **{", bidirectional: true": "", "crf: true": "crf: false"})
    words = ["The", "dog", "and", "unheard", "cat", "runs"]
    assert [answer.value for answer in predictor.stream(words)] == predictor.predict([words])[0]


@pytest.mark.parametrize("difference", ["difference: 1", "difference: 3", "difference: null"])
@pytest.mark.parametrize("cell", ["gru", "lstm", "mingru"])
def test_a_forecast_after_every_step_is_that_of_all_steps_so_far(cell, difference):
    predictor = _predictor("forecasting", cell, **{"difference: 1": difference})
    series = np.random.default_rng(0).normal(size=12).round(3).tolist()
    whole = predictor.predict([series[: end + 1] for end in range(len(series))])
    for streamed, expected in zip(predictor.stream(series), whole, strict=True):
        assert streamed.value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_texts_are_scored_as_they_come(cell):
    predictor, rows = _predictor("language_modeling", cell), _rows("language_modeling")
    whole = predictor.task.predict(predictor.model, predictor.task.encode(rows), np.arange(len(rows)))
    streamed = list(predictor.stream(rows["text"]))
    assert [answer.value for answer in streamed] == pytest.approx([answer.value for answer in whole], abs=1e-3)
    assert [answer.details for answer in streamed] == [answer.details for answer in whole]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tagging", "backbone.bidirectional is true"),
        ("translation", "translation answers when it has the whole input"),
        ("classification", "classification answers when"),
    ],
)
def test_what_needs_the_whole_input_says_so(name, reason):
    with pytest.raises(RunError, match=reason):
        list(_predictor(name, "gru").stream(["a"]))


def test_windows_of_a_language_model_follow_each_other_on_every_track():
    rows = _rows("language_modeling")
    task = _task("language_modeling")
    task.recipe = task.recipe.model_copy(update={"train": task.recipe.train.model_copy(update={"tokens_per_batch": 8})})
    examples = task.encode(rows, training=True)
    ids = task.encode(rows).inputs.values
    batches = [task.collate(examples, batch) for batch in task.training_batches(examples, 0)]
    assert [batch.window for batch in batches] == list(range(len(batches)))
    tracks = [np.concatenate([batch.targets[track].numpy() for batch in batches]) for track in range(2)]
    assert np.concatenate(tracks).tolist() == ids[: 2 * (len(ids) // 2)].tolist()
    for track, start in zip(range(2), (0, len(ids) // 2), strict=True):
        read = np.concatenate([batch.inputs.ids[track].numpy() for batch in batches])
        before = 3 if start == 0 else ids[start - 1]  # the end token stands before the first row
        assert read.tolist() == [before, *tracks[track][:-1].tolist()]


def test_generation_goes_on_from_the_prompt():
    predictor = _predictor("language_modeling", "gru")
    _train(predictor.task, predictor.model, _rows("language_modeling"), steps=150)
    block = predictor.task.recipe.decoding.model_copy(update={"top_k": 1})
    predictor.model.eval()
    assert predictor.task.generate(predictor.model, "the cat", block, samples=2) == [" sleeps", " sleeps"]
