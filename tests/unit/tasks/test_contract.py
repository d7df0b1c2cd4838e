"""One table that drives every task, with every cell, through all that a task promises."""

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest
import torch
from datasets import Dataset
from PIL import Image

from seqtasks.errors import DataError
from seqtasks.recipe import parse_recipe
from seqtasks.recipe.blocks import CellName
from seqtasks.tasks import TASKS, Task, task_class
from seqtasks.tasks.inference import mean_loss, predict, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.training.checkpoint import load_weights, model_tensors, save_weights, set_model_tensors

CELLS = get_args(CellName)


def _picture(shade: int, mode: str = "L", size: tuple[int, int] = (8, 8)) -> Image.Image:
    picture = Image.new("L", size, shade)
    picture.putpixel((0, 0), 255 - shade)
    return picture.convert(mode)


@dataclass(frozen=True)
class Case:
    """A tiny data set of a task.

    Attributes:
        recipe: YAML, with `CELL` where the cell is named.
        rows: columns of the training rows.
        odd: columns of rows such as no training row looks like.
        output: the column of right answers.
        inputs: the column of inputs.
        keys: those of a prediction record.
    """

    recipe: str
    rows: dict[str, list[Any]]
    odd: dict[str, list[Any]]
    output: str
    inputs: str
    keys: set[str]


TRAIN = "train: {learning_rate: 0.05, tokens_per_batch: 1000}"
TEXT_KEYS = {"index", "input", "reference", "prediction", "score", "length"}
CASES = {
    "classification": Case(
        recipe="tokenizer: {min_frequency: 1, max_length: 20}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 8, bidirectional: true}\n",
        rows={
            "text": ["good film", "bad film", "good", "so bad !", "a good , good film", "bad"],
            "label": ["yes", "no", "yes", "no", "yes", "no"],
        },
        odd={
            "text": ["", "  ", "xyz qwv", "good " * 3000, "\u0000 😀 \n"],
            "label": ["yes", "no", "perhaps", "yes", "no"],
        },
        output="label",
        inputs="text",
        keys={"index", "input", "reference", "prediction", "probability", "length"},
    ),
    "tagging": Case(
        recipe="tokenizer: {min_frequency: 1, lowercase: true}\n"
        "input: {embedding_size: 8, characters: {embedding_size: 4, hidden_size: 4}}\n"
        "backbone: {cell: CELL, hidden_size: 8, bidirectional: true}\n",
        rows={
            "tokens": [["The", "dog", "runs"], ["dogs"], ["a", "cat", "and", "a", "dog"], ["runs", "the", "cat"]],
            "tags": [["D", "N", "V"], ["N"], ["D", "N", "C", "D", "N"], ["V", "D", "N"]],
        },
        odd={
            "tokens": [[], ["", "😀"], ["xyz"] * 900, ["w" * 2000], ["the"]],
            "tags": [[], ["N", "N"], ["NEW"] * 900, ["N"], ["D"]],
        },
        output="tags",
        inputs="tokens",
        keys={"index", "input", "reference", "prediction", "unknown", "length"},
    ),
    "captioning": Case(
        recipe="tokenizer: {min_frequency: 1}\n"
        "input: {size: 8, channels: [4, 8]}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: dot}\n"
        "decoding: {num_beams: 2, max_length: 6}\n",
        rows={
            "image": [_picture(shade) for shade in (0, 80, 160, 240)],
            "caption": [["a black square here", "dark"], ["a grey square"], ["a light grey square"], ["white"]],
        },
        odd={
            "image": [_picture(9, "RGBA", (1, 1)), _picture(9, "1", (300, 2)), _picture(9, "P"), _picture(9, "CMYK")],
            "caption": [[""], ["xyz"], ["grey " * 500], ["white"]],
        },
        output="caption",
        inputs="image",
        keys=TEXT_KEYS,
    ),
    "translation": Case(
        recipe="tokenizer: {vocab_size: 60, min_frequency: 1, max_length: 30}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 4}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: general}\n"
        "decoding: {num_beams: 2, max_length: 12}\n",
        rows={
            "source": ["open the door", "close {a}", "open", "the {a} of {b}", "close the door", "door"],
            "target": ["ouvrir la porte", "fermer {a}", "ouvrir", "{b} : {a}", "fermer la porte", "porte"],
        },
        odd={
            "source": ["", " ", "ξψ {new} {", "open " * 2000, "</s> <ph7> 😀"],
            "target": ["", "porte", "{new} {other}", "ouvrir " * 2000, "<s>"],
        },
        output="target",
        inputs="source",
        keys=TEXT_KEYS,
    ),
}

EVERY_TASK = pytest.mark.parametrize("name", CASES)


def _task(name: str, cell: str = "gru", rows: Dataset | None = None) -> Task:
    text = f"task: {name}\ndataset: {{path: memory}}\n{CASES[name].recipe.replace('CELL', cell)}{TRAIN}"
    recipe = parse_recipe(text, source="test")
    torch.manual_seed(0)
    return task_class(recipe).fit(recipe, rows or _rows(name))


def _rows(name: str) -> Dataset:
    return Dataset.from_dict(CASES[name].rows)


def _right(name: str, rows: Dataset) -> list[Any]:
    answers = list(rows[CASES[name].output])
    return [answer[0] for answer in answers] if name == "captioning" else answers


def _train(task: Task, model: SequenceModel, rows: Dataset, steps: int) -> list[float]:
    examples = task.encode(rows, training=True)
    batch = task.collate(examples, np.arange(len(examples)))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(steps):
        output = model.train()(batch)
        assert int(output.count) == batch.num_targets
        optimizer.zero_grad()
        (output.loss_sum / output.count).backward()
        optimizer.step()
        losses.append(float(output.loss_sum.detach() / output.count))
    return losses


def test_the_table_holds_every_task():
    assert [task.name for task in TASKS] == list(CASES)


@EVERY_TASK
@pytest.mark.parametrize("cell", CELLS)
def test_a_model_of_any_cell_learns_answers_and_is_restored(name, cell, tmp_path):
    rows = _rows(name)
    task = _task(name, cell)
    model = task.build()
    losses = _train(task, model, rows, steps=12)
    assert losses[-1] < 0.8 * losses[0]
    assert all(parameter.grad is not None for parameter in model.parameters())

    examples = task.encode(rows)
    together = predict(task, model, examples, tokens_per_batch=10_000)
    one_by_one = predict(task, model, examples, tokens_per_batch=1)
    assert values(together) == values(one_by_one)
    for left, right in zip(together, one_by_one, strict=True):
        assert left.details == pytest.approx(right.details, abs=1e-3)
    order = list(range(len(rows)))[::-1]
    assert values(predict(task, model, task.encode(rows.select(order)), tokens_per_batch=9)) == values(together)[::-1]
    plain = task.encode_inputs(list(rows[CASES[name].inputs]))
    assert values(predict(task, model, plain, tokens_per_batch=9)) == values(together)

    task.save(tmp_path)
    save_weights(tmp_path / "model.safetensors", model_tensors(model))
    loaded = type(task).load(task.recipe, tmp_path)
    restored = loaded.build()
    set_model_tensors(restored, load_weights(tmp_path / "model.safetensors"))
    assert predict(loaded, restored, loaded.encode(rows), tokens_per_batch=10_000) == together
    assert loaded.vocabulary_size == task.vocabulary_size


@EVERY_TASK
def test_a_learned_set_is_answered_right(name):
    rows = _rows(name)
    task = _task(name)
    model = task.build()
    _train(task, model, rows, steps=150)
    answers = values(predict(task, model, task.encode(rows), tokens_per_batch=100))
    score = task.score(rows, answers)[0]
    assert score.value > (0.99 if score.unit == "0-1" else 80)


@EVERY_TASK
def test_right_answers_score_best_and_the_main_score_comes_first(name):
    rows, task = _rows(name), _task(name)
    scores = task.score(rows, _right(name, rows), intervals=False)
    assert scores[0].name == task.primary
    best = {"0-1": 1.0, "BLEU": 100.0, "chrF": 100.0, "TER": 0.0}
    for score in scores:
        if not np.isnan(score.value):
            assert score.value == pytest.approx(best[score.unit]), score.name


@EVERY_TASK
def test_records_and_baselines_have_a_line_for_each_row(name):
    rows, task = _rows(name), _task(name)
    answers = predict(task, task.build(), task.encode(rows), tokens_per_batch=50)
    records = task.records(rows, answers)
    assert [record["index"] for record in records] == list(range(len(rows)))
    for record, answer in zip(records, answers, strict=True):
        assert record.keys() == CASES[name].keys
        assert record["prediction"] == answer.value
    baselines = task.baselines(rows, rows)
    assert baselines
    for answered in baselines.values():
        assert len(answered) == len(rows)
        assert isinstance(task.score(rows, answered, intervals=False)[0].value, float)
    assert len(task.keys(rows)) == len(set(task.keys(rows))) == len(rows)


@EVERY_TASK
def test_odd_rows_are_answered_and_scored(name):
    rows, task = Dataset.from_dict(CASES[name].odd), _task(name)
    model = task.build()
    answers = predict(task, model, task.encode(rows), tokens_per_batch=100)
    assert len(answers) == len(task.records(rows, answers)) == len(rows)
    assert len(task.attention(model.eval(), rows, values(answers))) == (len(rows) if name == "translation" else 0)
    for score in task.score(rows, values(answers), intervals=False):
        assert isinstance(score.value, float)
    assert np.isfinite(mean_loss(task, model, task.encode(rows), tokens_per_batch=100).value)
    if name == "tagging":
        assert [len(tags) for tags in values(answers)] == [len(tokens) for tokens in rows["tokens"]]
    if name in ("classification", "translation"):
        assert task.encode(rows).cut.tolist() == [False, False, False, True, False]


@EVERY_TASK
def test_odd_rows_can_be_learned_from(name):
    rows = Dataset.from_dict({column: column_rows[:3] for column, column_rows in CASES[name].odd.items()})
    task = _task(name, rows=rows)
    losses = _train(task, task.build(), rows, steps=2)
    assert np.isfinite(losses).all()


def test_a_label_that_training_lacks_counts_as_wrong():
    task = _task("classification")
    rows = Dataset.from_dict({"text": ["good", "good"], "label": ["yes", "perhaps"]})
    assert task.score(rows, ["yes", "yes"], intervals=False)[0].value == 0.5
    assert task.collate(task.encode(rows), np.arange(2)).num_targets == 1


def test_every_caption_of_a_picture_is_learned_and_one_is_validated():
    task, rows = _task("captioning"), _rows("captioning")
    assert (len(task.encode(rows, training=True)), len(task.encode(rows))) == (5, 4)


def test_words_and_their_spelling_stand_where_they_belong():
    task, rows = _task("tagging"), _rows("tagging")
    inputs = task.collate(task.encode(rows), np.array([1, 0])).inputs
    assert inputs.ids.tolist() == [
        [*task.words.encode(["dogs"]), 0, 0],
        list(task.words.encode(["the", "dog", "runs"])),
    ]
    for row, words in enumerate((["dogs"], ["The", "dog", "runs"])):
        for place, word in enumerate(words):
            distinct = inputs.characters.words[row, place]
            spelling = inputs.characters.ids[distinct, : inputs.characters.lengths[distinct]]
            assert spelling.tolist() == task.characters.encode(word).tolist()


def test_tags_must_fit_the_words():
    rows = Dataset.from_dict({"tokens": [["a"], ["b", "c"]], "tags": [["X"], ["X"]]})
    with pytest.raises(DataError, match="row 1: 2 tokens but 1 tags"):
        _task("tagging").encode(rows)


def test_a_text_is_not_taken_for_a_list_of_words():
    with pytest.raises(DataError, match='input 1: "the dog" is a text; expected a list of words'):
        _task("tagging").encode_inputs([["the"], "the dog"])


def test_a_picture_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no\.png: cannot be read"):
        _task("captioning").encode_inputs([tmp_path / "no.png"])


def test_attention_is_shown_token_by_token():
    rows, task = _rows("translation"), _task("translation")
    model = task.build().eval()
    (first, *_) = maps = task.attention(model, rows, list(rows["target"]))
    assert [item["index"] for item in maps] == list(range(len(rows)))
    assert first["source"][-1] == first["target"][-1] == "</s>"
    assert np.array(first["weights"]).shape == (len(first["target"]), len(first["source"]))
    assert np.array(first["weights"]).sum(1) == pytest.approx(1.0, abs=1e-3)
