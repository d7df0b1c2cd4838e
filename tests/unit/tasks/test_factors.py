"""Factors: columns beside the words of a tagger, from the data to the answer."""

import json
import random

import datasets
import numpy as np
import pytest
import torch
from datasets import Dataset

import seqtasks
from seqtasks.backbone import TokenInput, Tokens
from seqtasks.data.columns import choose_columns
from seqtasks.errors import DataError, RecipeError, RunError
from seqtasks.explain import layers_of
from seqtasks.recipe import parse_recipe
from seqtasks.run import run
from seqtasks.tasks import task_class

RECIPE = """
task: tagging
dataset:
  path: parquet
  data_files: {train: FOLDER/train.parquet, validation: FOLDER/test.parquet, test: FOLDER/test.parquet}
  columns: {tokens: [words, pos, case], tags: tags}
tokenizer: {min_frequency: 1}
input: {embedding_size: 8, factor_size: 6, characters: {embedding_size: 4, hidden_size: 4}}
backbone: {hidden_size: 12}
train: {epochs: 30, tokens_per_batch: 60, learning_rate: 2e-2}
"""


def rows(count, seed):
    """The words say nothing of the tag; the first factor says all."""
    draw = random.Random(seed)
    lengths = [draw.randint(1, 6) for _ in range(count)]
    pos = [draw.choices("NVA", k=length) for length in lengths]
    return {
        "words": [draw.choices(["can", "will", "must"], k=length) for length in lengths],
        "pos": pos,
        "case": [draw.choices("xy", k=length) for length in lengths],
        "tags": [[f"T{sign}" for sign in signs] for signs in pos],
    }


def choose(columns):
    return choose_columns(Dataset.from_dict(columns), {"tokens": list(columns)}, split="train")["tokens"]


def test_columns_become_words_with_factors():
    found = choose({"words": [["a", "b"], [], ["c"]], "pos": [["X", "Y"], [], ["Z"]], "case": [["1", "2"], [], ["3"]]})
    assert list(found) == [["a￨X￨1", "b￨Y￨2"], [], ["c￨Z￨3"]]
    named = datasets.Features(
        {"words": datasets.List(datasets.Value("string")), "pos": datasets.List(datasets.ClassLabel(names=["N", "V"]))}
    )
    table = Dataset.from_dict({"words": [["a"]], "pos": [[1]]}, features=named)
    assert list(choose_columns(table, {"tokens": ["words", "pos"]}, split="train")["tokens"]) == [["a￨V"]]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"words": [["a"], ["a", "b"]], "pos": [["X"], ["Y"]]}, "row 1 has 2 words and 1 factors; expected as many"),
        ({"words": [["a￨b"]], "pos": [["X"]]}, '"a￨b" holds ￨'),
        ({"words": [["a"]], "pos": ["X"]}, 'column "pos" of train holds text; expected a list of words'),
        ({"words": [["a"]], "pos": [[None]]}, 'column "pos" of train has no value in row 0'),
    ],
)
def test_columns_that_do_not_fit_are_named(columns, message):
    with pytest.raises(DataError, match=message.replace("￨", ".")):
        choose(columns)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("factors")
    for name, count in (("train", 80), ("test", 20)):
        Dataset.from_dict(rows(count, seed=count)).to_parquet(folder / f"{name}.parquet")
    scores = run(parse_recipe(RECIPE.replace("FOLDER", str(folder)), source="test"), folder / "run", command="test")
    return folder / "run", scores


def test_a_tagger_learns_what_only_a_factor_says(trained):
    path, scores = trained
    assert next(score["value"] for score in scores["test"]["scores"] if score["name"] == "accuracy") == 1.0
    predictor = seqtasks.load(path)
    assert predictor.predict([["can￨N￨x", "can￨V￨y", "unheard￨A￨x"]]) == [["TN", "TV", "TA"]]
    with pytest.raises(DataError, match=r'word "can": it has 0 factors; expected 2: pos, case; .* as in word.pos.case'):
        predictor.predict([["can"]])


def test_predictions_show_words_alone(trained):
    path, _ = trained
    records = [json.loads(line) for line in (path / "predictions.jsonl").read_text().splitlines()]
    assert {word for record in records for word in record["input"]} <= {"can", "will", "must"}
    assert not any(unknown for record in records for unknown in record["unknown"])


def test_an_export_reads_factors(trained, tmp_path):
    pytest.importorskip("onnxruntime")
    from seqtasks.export import export
    from seqtasks.runtime import load as load_exported

    path, _ = trained
    export(path, tmp_path / "export")
    inputs = [["can￨N￨x", "will￨A￨y"], ["must￨V￨x"], []]
    assert seqtasks.load(path).predict(inputs) == load_exported(tmp_path / "export").predict(inputs)


def test_damaged_factors_are_named(trained, tmp_path):
    path, _ = trained
    recipe = parse_recipe(RECIPE, source="test")
    for name in ("tokenizer.json", "tokenizer_characters.json", "labels.json"):
        (tmp_path / name).write_bytes((path / name).read_bytes())
    (tmp_path / "factors.json").write_text('{"pos": 3}')
    with pytest.raises(RunError, match=r"factors.json: holds no factors"):
        task_class(recipe).load(recipe, tmp_path)


def test_unknown_factors_and_padding_have_no_vector():
    part = TokenInput(9, embedding_size=4, factor_vocab_sizes=[5, 7], factor_size=3)
    ids, factors = torch.tensor([[2, 3, 0]]), torch.tensor([[[2, 4], [1, 1], [0, 0]]])
    vectors = part(Tokens(ids, torch.tensor([2]), factors=factors))
    assert vectors.shape == (1, 3, part.output_size) == (1, 3, 10)
    assert vectors[0, 0, 4:].abs().min() > 0
    assert not vectors[0, 1:, 4:].any()
    np.testing.assert_array_equal(vectors[0, 0, 4:7].detach(), part.factors[0].weight[2].detach())


def test_a_size_without_factors_is_refused():
    with pytest.raises(RecipeError, match=r"input.factor_size: there is nothing beside the words"):
        parse_recipe("task: tagging\ndataset: {path: memory}\ninput: {factor_size: 8}", source="test")


def test_factors_are_explained():
    layers = {layer.name: layer for layer in layers_of(parse_recipe(RECIPE, source="test"))}
    assert layers["input.factors.1"].shapes[1] == "1, T, 6"
