"""One table that drives every task, with every cell, through all that a task promises."""

from typing import Any, get_args

import numpy as np
import pytest
import torch
from cases import CASES
from cases import make_rows as _rows
from cases import make_task as _task
from datasets import Dataset

from seqtasks.errors import DataError
from seqtasks.recipe.blocks import CellName
from seqtasks.tasks import TASKS, Task
from seqtasks.tasks.examples import Prediction, plain, values
from seqtasks.tasks.inference import mean_loss, predict, validate
from seqtasks.tasks.model import SequenceModel
from seqtasks.training.checkpoint import load_weights, model_tensors, save_weights, set_model_tensors

CELLS = get_args(CellName)
EVERY_TASK_AND_CELL = [
    (name, cell) for name, case in CASES.items() for cell in (CELLS if "CELL" in case.recipe else ["gru"])
]
EVERY_TASK = pytest.mark.parametrize("name", CASES)


def _batches(task: Task, examples: Any) -> list[Any]:
    rows = task.training_batches(examples, 0) if task.is_stream else [np.arange(len(examples))]
    return [task.collate(examples, batch) for batch in rows]


def _train(task: Task, model: SequenceModel, rows: Dataset, steps: int) -> list[float]:
    batches = _batches(task, task.encode(rows, training=True))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(steps):
        outputs = [model.train()(batch) for batch in batches]
        count = sum(int(output.count) for output in outputs)
        assert count == sum(batch.num_targets for batch in batches)
        loss = sum(output.loss_sum for output in outputs) / count
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


def test_the_table_holds_every_task():
    assert [task.name for task in TASKS] == list(CASES)


@pytest.mark.parametrize(("name", "cell"), EVERY_TASK_AND_CELL)
def test_a_model_of_any_cell_learns_answers_and_is_restored(name, cell, tmp_path):
    rows = _rows(name)
    task = _task(name, cell)
    model = task.build()
    losses = _train(task, model, rows, steps=12)
    assert losses[-1] < 0.9 * losses[0]
    assert all(parameter.grad is not None for parameter in model.parameters())

    examples = task.encode(rows)
    together = predict(task, model, examples, tokens_per_batch=10_000)
    if name != "music":  # what is drawn depends on the place in the batch
        _same(together, predict(task, model, examples, tokens_per_batch=1))
    if not task.is_stream and name != "music":
        order = list(range(len(rows)))[::-1]
        _same(together[::-1], predict(task, model, task.encode(rows.select(order)), tokens_per_batch=9))
        _same(together, predict(task, model, task.encode_inputs(CASES[name].inputs), tokens_per_batch=9))

    task.save(tmp_path)
    save_weights(tmp_path / "model.safetensors", model_tensors(model))
    loaded = type(task).load(task.recipe, tmp_path)
    restored = loaded.build()
    set_model_tensors(restored, load_weights(tmp_path / "model.safetensors"))
    assert predict(loaded, restored, loaded.encode(rows), tokens_per_batch=10_000) == together
    assert loaded.vocabulary_size == task.vocabulary_size


def _same(left: list[Prediction], right: list[Prediction]) -> None:
    """Equal answers; numbers and details but for rounding."""
    for one, other in zip(left, right, strict=True):
        if isinstance(one.value, str) or (isinstance(one.value, list) and isinstance((one.value or [""])[0], str)):
            assert one.value == other.value
        else:
            assert one.value == pytest.approx(other.value, abs=1e-3)
        shared = one.details.keys() & other.details.keys()
        assert {key: one.details[key] for key in shared} == pytest.approx(
            {key: other.details[key] for key in shared}, abs=1e-3
        )


@EVERY_TASK
def test_a_learned_set_is_answered_right(name):
    rows = _rows(name)
    task = _task(name)
    model = task.build()
    _train(task, model, rows, steps=150)
    scores = validate(task, model, rows, task.encode(rows), tokens_per_batch=100)
    score = next(score for score in scores if score.name == task.primary)
    good = CASES[name].good
    assert score.value > good if score.higher_is_better else score.value < good


@EVERY_TASK
def test_right_answers_score_best_and_the_main_score_comes_first(name):
    rows, task = _rows(name), _task(name)
    scores = task.score(rows, plain(task.references(rows)), intervals=False)
    assert scores[0].name == task.primary
    best = {"0-1": 1.0, "BLEU": 100.0, "chrF": 100.0, "perplexity": 1.0}
    for score in scores:
        if not np.isnan(score.value) and not score.name.startswith(("distinct", "valid")):
            expected = best[score.unit] if score.higher_is_better or score.unit == "perplexity" else 0.0
            assert score.value == pytest.approx(expected, abs=1e-4), score.name


@EVERY_TASK
def test_records_and_baselines_have_a_line_for_each_row(name):
    rows, task = _rows(name), _task(name)
    answers = predict(task, task.build(), task.encode(rows), tokens_per_batch=50, details=True)
    records = task.records(rows, answers)
    assert [record["index"] for record in records] == list(range(len(rows)))
    for record, answer in zip(records, answers, strict=True):
        assert record.keys() == {"index", "input", "reference", "prediction", "length"} | CASES[name].details
        assert record["prediction"] == answer.value
    baselines = task.baselines(rows, rows)
    assert baselines
    for answered in baselines.values():
        assert len(answered) == len(rows)
        assert isinstance(task.score(rows, answered, intervals=False)[0].value, float)
    assert len(task.keys(rows)) == len(set(task.keys(rows))) == len(rows)


@EVERY_TASK
def test_odd_rows_are_answered_and_scored(name):
    rows, task = _rows(name, odd=True), _task(name)
    model = task.build()
    answers = predict(task, model, task.encode(rows), tokens_per_batch=100)
    assert len(answers) == len(task.records(rows, answers)) == len(rows)
    shown = name in ("captioning", "description", "translation", "chat", "pronunciation")
    assert len(task.attention(model.eval(), rows, answers)) == (len(rows) if shown else 0)
    for score in task.score(rows, answers, intervals=False):
        assert isinstance(score.value, float)
    if not task.is_stream:
        assert np.isfinite(mean_loss(task, model, task.encode(rows), tokens_per_batch=100).value)
    if name in ("tagging", "frame_tagging"):
        assert [len(tags) for tags in values(answers)] == [len(tags) for tags in rows["tags"]]
    if name in ("classification", "translation"):
        assert task.encode(rows).cut.tolist() == [False, False, False, True, False]


@EVERY_TASK
def test_odd_rows_can_be_learned_from(name):
    rows = _rows(name, odd=True)
    rows = rows.select(range(3))
    task = _task(name, rows=rows)
    losses = _train(task, task.build(), rows, steps=2)
    assert np.isfinite(losses).all()


def test_a_label_that_training_lacks_counts_as_wrong():
    task = _task("classification")
    rows = Dataset.from_dict({"text": ["good", "good"], "label": ["yes", "perhaps"]})
    assert task.score(rows, plain(["yes", "yes"]), intervals=False)[0].value == 0.5
    assert task.collate(task.encode(rows), np.arange(2)).num_targets == 1


def test_every_caption_of_a_picture_is_learned_and_one_is_validated():
    task, rows = _task("captioning"), _rows("captioning")
    assert (len(task.encode(rows, training=True)), len(task.encode(rows))) == (5, 4)


def test_words_and_their_spelling_stand_where_they_belong():
    task, rows = _task("tagging"), _rows("tagging")
    inputs = task.collate(task.encode(rows), np.array([1, 0])).inputs
    assert inputs.ids.tolist() == [
        [*task.reader.words.encode(["dogs"]), 0, 0],
        list(task.reader.words.encode(["the", "dog", "runs"])),
    ]
    for row, words in enumerate((["dogs"], ["The", "dog", "runs"])):
        for place, word in enumerate(words):
            distinct = inputs.characters.words[row, place]
            spelling = inputs.characters.ids[distinct, : inputs.characters.lengths[distinct]]
            assert spelling.tolist() == task.reader.characters.encode(word).tolist()


def test_tags_must_fit_the_words():
    rows = Dataset.from_dict({"tokens": [["a"], ["b", "c"]], "tags": [["X"], ["X"]]})
    with pytest.raises(DataError, match="row 1: 2 tokens but 1 tags"):
        _task("tagging").encode(rows)


def test_a_crf_refuses_tags_that_begin_within_a_span():
    rows = Dataset.from_dict({"tokens": [["a", "b"], ["c"]], "tags": [["B-X", "I-X"], ["I-X"]]})
    with pytest.raises(DataError, match="row 1: I-X follows O; expected IOB2, where a span begins with B-X"):
        _task("tagging", rows=rows).encode(rows, training=True)


def test_a_metre_that_is_none_is_told_before_training():
    rows = Dataset.from_dict({"attributes": [["meter=0/0"]], "tune": ["A|"]})
    with pytest.raises(DataError, match='the metre "0/0" was given'):
        _task("music").encode(rows, training=True)


def test_a_text_is_not_taken_for_a_list_of_words():
    with pytest.raises(DataError, match='input 1: "the dog" is a text; expected a list of words'):
        _task("tagging").encode_inputs([["the"], "the dog"])


def test_a_picture_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no\.png: cannot be read"):
        _task("captioning").encode_inputs([tmp_path / "no.png"])


def test_attention_is_shown_token_by_token():
    rows, task = _rows("translation"), _task("translation")
    model = task.build().eval()
    (first, *_) = maps = task.attention(model, rows, plain(rows["target"]))
    assert [item["index"] for item in maps] == list(range(len(rows)))
    assert first["source"][-1] == first["target"][-1] == "</s>"
    assert np.array(first["weights"]).shape == (len(first["target"]), len(first["source"]))
    assert np.array(first["weights"]).sum(1) == pytest.approx(1.0, abs=1e-3)
