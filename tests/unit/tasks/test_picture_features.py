"""Vectors that another network has made of pictures, in the place of the pictures."""

import datasets
import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from seqtasks.cli import main
from seqtasks.data.columns import choose_columns
from seqtasks.data.kinds import check_kinds
from seqtasks.errors import DataError, ExportError, RecipeError
from seqtasks.export.settings import answer_settings
from seqtasks.input_lines import InputField, parse_input
from seqtasks.recipe import parse_recipe
from seqtasks.tasks import task_class
from seqtasks.tasks.inference import predict
from seqtasks.tasks.readers import FeatureReader, ImageReader

TEXT = (
    "task: captioning\ndataset: {path: memory}\ntokenizer: {min_frequency: 1}\n"
    "input: {features: 3}\nhead: {embedding_size: 8, hidden_size: 8}\ndecoding: {num_beams: 2, max_length: 6}\n"
)
VECTORS = [[0.0, 1.0, 5.0], [1.0, 0.0, 5.0], [1.0, 1.0, 5.0], [0.0, 0.0, 5.0]]
CAPTIONS = [["a dog", "the dog"], ["a cat"], ["a dog and a cat"], ["nothing"]]
ROWS = datasets.Dataset.from_dict({"image": VECTORS, "caption": CAPTIONS})


def fitted():
    recipe = parse_recipe(TEXT, source="test")
    return task_class(recipe).fit(recipe, ROWS)


def test_captions_are_learned_from_vectors(tmp_path):
    task = fitted()
    assert isinstance(task.reader, FeatureReader)
    examples = task.encode(ROWS, training=True)
    assert len(examples) == 5
    torch.manual_seed(0)
    model = task.build()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(80):
        output = model.train()(task.collate(examples, np.arange(5)))
        optimizer.zero_grad()
        output.loss_sum.backward()
        optimizer.step()
    answers = [answer.value for answer in predict(task, model, task.encode_inputs(VECTORS), tokens_per_batch=100)]
    assert answers[1:] == ["a cat", "a dog and a cat", "nothing"]
    assert answers[0] in CAPTIONS[0]
    task.save(tmp_path)
    again = type(task).load(task.recipe, tmp_path)
    assert np.array_equal(again.encode_inputs(VECTORS).inputs, task.encode_inputs(VECTORS).inputs)
    assert task.records(ROWS, predict(task, model, examples, tokens_per_batch=100)[:4])[0]["input"] == "3 features"


def test_numbers_are_standardised_and_constant_ones_harmless():
    inputs = fitted().encode_inputs(VECTORS).inputs
    assert inputs.dtype == np.float32
    assert np.allclose(inputs[:, :2].mean(0), 0, atol=1e-6)
    assert np.allclose(inputs[:, :2].std(0), 1, atol=1e-5)
    assert np.allclose(inputs[:, 2], 0)


@pytest.mark.parametrize(
    ("vector", "given"),
    [
        ([0, 1], "2 numbers"),
        ([0, 1, float("nan")], "3 numbers"),
        ("abc", "str"),
        (Image.new("L", (4, 4)), "Image"),
        ([[0, 1, 2]] * 3, "list"),
        ([], "list"),
    ],
)
def test_what_is_no_such_vector_is_refused(vector, given):
    message = rf"row 1: {given} in the place of a picture; expected a list of 3 finite numbers, as input\.features says"
    with pytest.raises(DataError, match=message):
        fitted().encode_inputs([[0, 1, 2], vector])


def test_a_vector_without_the_recipe_saying_so_is_refused():
    recipe = parse_recipe(TEXT.replace("features: 3", "size: 8, channels: [4]"), source="test")
    with pytest.raises(DataError, match=r"a picture: list was given; .*set input\.features to their size"):
        task_class(recipe).fit(recipe, ROWS).encode(ROWS)


def test_an_export_is_refused_early():
    with pytest.raises(ExportError, match=r"input\.features: vectors in the place of pictures are not exported"):
        answer_settings(fitted())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("features: 3", "features: 3, size: 32", "input.size.*about pixels"),
        ("features: 3", "features: 3, jitter: 0.1", "input.jitter.*about pixels"),
        ("hidden_size: 8", "hidden_size: 8, attention: additive", "head.attention.*one vector a picture"),
    ],
)
def test_what_needs_pixels_is_refused(old, new, message):
    with pytest.raises(RecipeError, match=message):
        parse_recipe(TEXT.replace(old, new), source="test")


def test_a_picture_column_may_hold_either():
    picture = Image.new("L", (4, 4))
    rows = datasets.Dataset.from_dict(
        {"vector": [[1.0, 2.0]], "picture": [picture], "text": ["a"]},
        features=datasets.Features(
            {
                "vector": datasets.List(datasets.Value("float16")),
                "picture": datasets.Image(),
                "text": datasets.Value("string"),
            }
        ),
    )
    for name, expected in (("vector", [1.0, 2.0]), ("picture", picture)):
        columns = {"image": name, "caption": "text"}
        chosen = choose_columns(rows, columns, split="train")
        check_kinds(chosen, columns, split="train")
        found = chosen[0]["image"]
        assert found == expected if name == "vector" else found.size == expected.size
    with pytest.raises(DataError, match="holds text; expected a picture or numbers in each row"):
        check_kinds(choose_columns(rows, {"image": "text"}, split="train"), {"image": "text"}, split="train")


def test_pictures_are_still_read_as_pictures():
    recipe = parse_recipe(
        TEXT.replace("features: 3", "size: 8, channels: [4]").replace(", max_length: 6", ""), source="test"
    )
    assert task_class(recipe).reader_for(recipe) is ImageReader


def test_a_line_may_hold_a_vector():
    field = InputField("image", "features")
    assert parse_input("[0.5, 1]", field, where="line 1") == [0.5, 1]
    assert parse_input('{"features": [0.5, 1]}', field, where="line 1") == [0.5, 1]
    assert parse_input("a picture.png", field, where="line 1") == "a picture.png"


def test_explain_names_the_vector(tmp_path):
    (tmp_path / "recipe.yaml").write_text(TEXT)
    result = CliRunner().invoke(main, ["explain", str(tmp_path / "recipe.yaml")], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "3 numbers" in result.output
    assert "vector" in result.output
    assert "convolutional" not in result.output
