"""Every recipe explains itself: within 80 columns, with the parameters that its model has."""

from pathlib import Path
from typing import get_args

import pytest

from seqtasks.explain import explain
from seqtasks.explain.stand_ins import NUM_FEATURES, build
from seqtasks.recipe import Recipe, load_recipe, parse_recipe
from seqtasks.recipe.blocks import CellName
from seqtasks.tasks import TASKS

ROOT = Path(__file__).parents[3]
RECIPES = sorted((ROOT / "recipes").rglob("*.yaml"))


def _recipe(text: str) -> Recipe:
    columns = "{value: [inside, outside]}" if "forecasting" in text else "{}"
    return parse_recipe(f"dataset: {{path: memory, columns: {columns}}}\n{text}", source="test")


def _explained(text: str) -> str:
    """The explanation of a recipe that is not a file, checked as those are."""
    recipe = _recipe(text)
    found = explain(recipe)
    _check(recipe, found)
    return found


def _words(text: str) -> str:
    """Without line breaks."""
    return " ".join(text.split())


def _check(recipe: Recipe, found: str) -> None:
    total = sum(parameter.numel() for parameter in build(recipe).parameters())
    assert f"total: {total:,} parameters" in found
    assert max(map(len, found.splitlines())) <= 80


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe(path):
    recipe = load_recipe(path)
    _check(recipe, explain(recipe))


def test_the_recipes_are_of_all_tasks():
    assert {load_recipe(path).task for path in RECIPES} == {task.name for task in TASKS}


CELLS = {
    "rnn_tanh": ("RNN", "tanh(W x + U h + b)"),
    "rnn_relu": ("RNN", "relu(W x + U h + b)"),
    "lstm": ("LSTM", "o · tanh(c')"),
    "gru": ("GRU", "(1 - z) · n + z · h"),
    "mingru": ("minGRU", "(1 - z) · h + z · c"),
    "minlstm": ("minLSTM", "(f · h + i · c) / (f + i)"),
}


@pytest.mark.parametrize("cell", get_args(CellName))
def test_every_cell(cell):
    name, equation = CELLS[cell]
    block = f"{{cell: {cell}, hidden_size: 4, num_layers: 2}}"
    found = _explained(f"task: chat\ntokenizer: {{vocab_size: 32}}\nbackbone: {block}\nhead: {block}")
    assert found.count(f"│{name.center(7)}│") == 3 * (2 * 2 + 2)  # steps, layers in both directions, of the decoder
    assert f"h' = {equation}" in found


@pytest.mark.parametrize(
    ("task", "option", "note"),
    [
        ("regression", "backbone: {learn_initial_state: true, cell: lstm}", "before the first step is learned"),
        ("regression", "backbone: {initialization: identity, cell: rnn_relu}", "start as the identity"),
        ("regression", "backbone: {weight_dropout: 0.25}", "of the recurrent weights"),
        ("regression", "backbone: {residual: true}", "input is added to its output"),
        ("frame_tagging", "head: {crf: true}", "each pair of neighbours"),
        ("frame_tagging", "head: {crf: true}", "Σ a[y_t, y_t+1]"),
        ("chat", "head: {input_feeding: true}", "Input feeding"),
        ("music", "head: {attention: multihead}", "in several heads"),
    ],
)
def test_an_option_is_explained_where_it_is_on(task, option, note):
    assert note in _words(_explained(f"task: {task}\n{option}"))
    assert note not in _words(_explained(f"task: {task}"))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("task: chat", "first state is made from the last one read"),
        ("task: music", "first state is made from the sum"),
        ("task: captioning", "first state is made from the whole picture"),
        ("task: image_classification", "no recurrent cell"),
        ("task: language_modeling", "Each token is the next input"),
        ("task: language_modeling\nstream: {bptt_steps: 7}", "errors go back 7 steps"),
    ],
)
def test_each_shape_has_its_note(text, note):
    assert note in _words(_explained(text))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("task: frame_tagging", [f"{NUM_FEATURES} numbers in a frame, 2 labels"]),
        ("task: forecasting", ["2 numbers in a frame", "(1, 24)", "the next 12 steps"]),
        ("task: regression\ninput: {projection_size: 6}", ["Linear, ReLU", f"(1, T, {NUM_FEATURES}) in: a vector"]),
        ("task: tagging\ntokenizer: {vocab_size: 20}", ["22 tokens to read", "largest that the recipe allows"]),
        ("task: pronunciation", ["100 tokens to read, 100 tokens to write"]),
        ("task: description\ntokenizer: {vocab_size: 20}", ["102 attributes, 20 tokens to write"]),
    ],
)
def test_assumed_sizes_are_stated(text, lines):
    found = _words(_explained(text))
    assert all(line in found for line in lines)
    assert ("largest that the recipe allows" in found) == ("tokenizer" in text)


def test_wide_and_deep_networks_stay_within_the_page():
    backbone = "{cell: minlstm, hidden_size: 4096, num_layers: 12, bidirectional: true, layer_norm: true}"
    _explained(
        "task: translation\ntokenizer: {vocab_size: 90000}\ninput: {embedding_size: 2048}\n"
        f"backbone: {backbone}\nhead: {{cell: minlstm, hidden_size: 8192, num_layers: 12, attention: multihead}}"
    )
    _explained(f"task: classification\nbackbone: {backbone}\nhead: {{pooling: attention}}")
