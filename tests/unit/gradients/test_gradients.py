import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from datasets import Dataset
from rich.console import Console

from seqtasks.backbone.cells import CELLS, recurrent_layer
from seqtasks.errors import DataError, RecipeError
from seqtasks.gradients.backpropagation import gradient_norms
from seqtasks.gradients.cells import GAIN, VARIANTS, build, own_variant, recurrent_block, recurrent_layers
from seqtasks.gradients.findings import sentences, shown_distances, vanished_after, verdict
from seqtasks.gradients.measurement import MAX_STEPS, Measurement, Network, measure, measure_model
from seqtasks.gradients.page import render_page
from seqtasks.gradients.terminal import print_gradients
from seqtasks.recipe import parse_recipe
from seqtasks.tasks import task_class

TIME, FEATURES, UNITS = 7, 3, 5


def layer_and_inputs(cell):
    torch.manual_seed(1)
    layer = recurrent_layer(cell, FEATURES, UNITS).double()
    return layer, torch.randn(4, TIME, FEATURES).double(), torch.tensor([7, 5, 1, 7])


def norms_by_autograd(layer, inputs, lengths, seed):
    """The whole unrolled graph at once, each row by itself."""
    directions = torch.randn(len(inputs), UNITS, generator=torch.Generator().manual_seed(seed)).double()
    found = []
    for row, length, direction in zip(inputs, lengths.tolist(), directions, strict=True):
        states, given = [], None
        for time in range(length):
            _, after = layer(row[None, time : time + 1], given)
            parts = [part.clone() for part in (after if isinstance(after, tuple) else (after,))]
            states.append(parts)
            given = tuple(parts) if len(parts) > 1 else parts[0]
        loss = (direction / direction.norm()) @ states[-1][0].flatten()
        gradients = [torch.autograd.grad(loss, parts, retain_graph=True, allow_unused=True) for parts in states]
        found.append([sum(float(g.square().sum()) for g in each if g is not None) ** 0.5 for each in gradients[::-1]])
    return found


@pytest.mark.parametrize("cell", CELLS)
def test_norms_are_those_of_the_unrolled_graph(cell):
    layer, inputs, lengths = layer_and_inputs(cell)
    norms = gradient_norms(layer, inputs, lengths, initial=None, seed=3)
    for row, expected in zip(norms, norms_by_autograd(layer, inputs, lengths, 3), strict=True):
        np.testing.assert_allclose(row[: len(expected)].numpy(), expected, rtol=1e-9)
        assert row[len(expected) :].isnan().all()


@pytest.mark.parametrize(("gain", "time", "expected"), [(1.0, 9, 1.0), (1.5, 9, 1.5**8), (0.5, 9, 0.5**8)])
def test_a_relu_that_only_multiplies(gain, time, expected):
    layer = recurrent_layer("rnn_relu", FEATURES, UNITS, initialization="identity").double()
    torch.nn.init.ones_(layer.weight_ih_l0)  # every unit stays positive
    layer.weight_hh_l0.data.mul_(gain)
    norms = gradient_norms(layer, torch.ones(1, time, FEATURES).double(), torch.tensor([time]), initial=None, seed=0)
    assert norms[0, 0] == pytest.approx(1.0)
    assert norms[0, -1] == pytest.approx(expected)


def test_what_leaves_the_range_of_numbers_is_infinite():
    layer = recurrent_layer("rnn_relu", FEATURES, UNITS, initialization="identity")
    torch.nn.init.ones_(layer.weight_ih_l0)
    layer.weight_hh_l0.data.mul_(1e6)
    norms = gradient_norms(layer, torch.ones(1, 12, FEATURES), torch.tensor([12]), initial=None, seed=0)
    assert norms[0, 0] == 1
    assert norms[0, -1] == torch.inf
    assert not norms.isnan().any()


def test_the_first_state_counts():
    layer, inputs, lengths = layer_and_inputs("gru")
    zero = gradient_norms(layer, inputs, lengths, initial=(torch.zeros(1, 4, UNITS).double(),), seed=0)
    other = gradient_norms(layer, inputs, lengths, initial=(torch.ones(1, 4, UNITS).double(),), seed=0)
    without = gradient_norms(layer, inputs, lengths, initial=None, seed=0)
    torch.testing.assert_close(zero, without, equal_nan=True)
    assert not torch.allclose(zero, other, equal_nan=True)


RECIPES = {
    "classification": "tokenizer: {min_frequency: 1}\ninput: {embedding_size: 4}\n"
    "backbone: {hidden_size: 6, bidirectional: true, num_layers: 2, weight_dropout: 0.1}",
    "description": "tokenizer: {min_frequency: 1}\ninput: {embedding_size: 4}\n"
    "head: {hidden_size: 6, embedding_size: 4, attention: general, input_feeding: true}",
    "language_modeling": "tokenizer: {min_frequency: 1}\ninput: {embedding_size: 4}\n"
    "backbone: {hidden_size: 6}\nstream: {bptt_steps: 5}\ntrain: {tokens_per_batch: 10}",
}
ROWS = {
    "classification": {"text": ["a good film", "a bad film", "so good"], "label": ["yes", "no", "yes"]},
    "description": {"attributes": ["food=soup", "food=fish"], "description": ["they have soup", "fish , only fish"]},
    "language_modeling": {"text": ["a good film is a good film", "a bad film"]},
}


def fitted(name):
    recipe = parse_recipe(f"task: {name}\ndataset: {{path: x}}\n{RECIPES[name]}\n", source="test")
    rows = Dataset.from_dict(ROWS[name])
    task = task_class(recipe).fit(recipe, rows)
    examples = task.encode(rows, training=True)
    return task, [task.collate(examples, batch) for batch in task.training_batches(examples, 0)]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
@pytest.mark.parametrize("name", RECIPES)
def test_every_variant_of_every_kind_of_recipe_is_measured(name, variant):
    task, batches = fitted(name)
    model = build(task, variant)
    measured = measure_model(model, batches)
    assert measured.median[0] == pytest.approx(1.0)
    assert 1 < len(measured.median) < MAX_STEPS
    assert (measured.low <= measured.median).all()
    assert (measured.median <= measured.high).all()
    assert measured.weights > 0
    assert all(parameter.grad is None for parameter in model.parameters())


def test_variants_hold_every_cell_and_start_as_they_say():
    assert {variant.cell for variant in VARIANTS} == set(CELLS)
    task, _ = fitted("classification")
    start = {}
    for variant in VARIANTS:
        layers = recurrent_layers(build(task, variant))
        assert len(layers) == 4
        start[variant.name] = [dict(layer.named_parameters()).get("weight_hh_l0") for layer in layers]
    for plain, eye, large in zip(
        *(start[name] for name in ("rnn_relu", "rnn_relu identity", f"rnn_relu x {GAIN}")), strict=True
    ):
        torch.testing.assert_close(plain @ plain.T, torch.eye(6))
        torch.testing.assert_close(eye, torch.eye(6))
        torch.testing.assert_close(large, GAIN * plain)


def test_weights_start_from_the_recipes_seed():
    task, _ = fitted("classification")
    first, again = (build(task, VARIANTS[0]).state_dict() for _ in range(2))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    task.recipe = task.recipe.model_copy(update={"train": task.recipe.train.model_copy(update={"seed": 7})})
    other = build(task, VARIANTS[0]).state_dict()
    assert not any(torch.equal(first[name], other[name]) for name in first if name.endswith("weight_hh_l0"))


def test_the_recipes_own_cell_is_known():
    recipe = parse_recipe("task: classification\ndataset: {path: x}\nbackbone: {cell: lstm}\n", source="test")
    assert own_variant(recipe) == "lstm"
    recipe = parse_recipe(
        "task: classification\ndataset: {path: x}\nbackbone: {cell: rnn_relu, initialization: identity}\n",
        source="test",
    )
    assert own_variant(recipe) == "rnn_relu identity"


def test_a_recipe_without_a_recurrent_layer_is_refused():
    with pytest.raises(RecipeError, match="image_classification has no recurrent layer"):
        recurrent_block(parse_recipe("task: image_classification\ndataset: {path: x}\n", source="test"))


@pytest.mark.parametrize(("word", "stages"), [("a", None), ("a bad film", [0, 3])])
def test_rows_need_a_step_to_go_back(word, stages, monkeypatch):
    task, _ = fitted("classification")
    rows = Dataset.from_dict({"text": [word] * 4, "label": ["yes", "no"] * 2})
    monkeypatch.setattr("seqtasks.gradients.measurement.load_rows", lambda *_: ({"train": rows}, None))
    if stages is None:
        with pytest.raises(DataError, match="single step"):
            next(measure(task.recipe))
        return
    found = next(measure(task.recipe, steps=3))
    assert list(found.stages) == stages
    assert found.stages[0].weights != found.stages[3].weights


def network(name, factor, stages=(0,)):
    variant = next(variant for variant in VARIANTS if variant.name == name)
    median = factor ** np.arange(31.0)
    measured = Measurement(median / 2, median, median * 2, weights=float(median[-1]))
    return Network(variant, is_own=name == "lstm", stages=dict.fromkeys(stages, measured))


FACTORS = {"rnn_tanh": 0.5, "rnn_relu": 0.1, "rnn_relu identity": 1.0, f"rnn_relu x {GAIN}": 1.2, "lstm": 0.95}
NETWORKS = [network(variant.name, FACTORS.get(variant.name, 0.8)) for variant in VARIANTS]


def test_verdicts():
    found = {each.variant.name: each.stages[0] for each in NETWORKS}
    assert vanished_after(found["rnn_tanh"]) == 7  # 0.5^7 < 0.01 < 0.5^6
    assert vanished_after(found["lstm"]) is None
    verdicts = {name: verdict(measured) for name, measured in found.items()}
    assert [name for name, what in verdicts.items() if what == "survives"] == ["rnn_relu identity", "lstm"]
    assert [name for name, what in verdicts.items() if what == "explodes"] == [f"rnn_relu x {GAIN}"]
    assert shown_distances(NETWORKS) == [1, 10, 30]


def test_sentences_say_what_the_numbers_say():
    vanishing, rest, cures = sentences(NETWORKS, 0, 1.0)
    assert "rnn_tanh 7, rnn_relu 3" in vanishing
    assert "is kept (rnn_relu identity 1, lstm 0.21); exploding" in rest
    assert f"rnn_relu x {GAIN} 2.4e+02" in rest
    assert "gates carry it further (lstm keeps 0.21 over 30 steps, rnn_tanh loses 99% in 7 steps)" in cures
    assert (
        "the identity start carries it further (rnn_relu with it keeps 1 over 30 steps, rnn_relu without loses" in cures
    )
    assert "clipping at 1 shortens" in cures
    assert "is not clipped" in sentences(NETWORKS, 0, None)[2]
    forgetful = [network(variant.name, 0.5 if variant.name == "rnn_tanh" else 0.1) for variant in VARIANTS]
    vanishing, rest, cures = sentences(forgetful, 0, 1.0)
    assert rest == "Nothing survives 30 steps; nothing explodes."
    assert "gates carry it no further here" in cures
    assert "clipping at 1 leaves alone" in cures
    broken = replace(NETWORKS[3].stages[0], weights=float("nan"))
    with_broken = [*NETWORKS[:3], replace(NETWORKS[3], stages={0: broken}), *NETWORKS[4:]]
    assert "clipping at 1 cannot mend" in sentences(with_broken, 0, 1.0)[2]
    patient = [network(variant.name, 0.99) for variant in VARIANTS]
    assert sentences(patient, 0, 1.0)[0].startswith("Nothing vanishes")


def test_the_page_is_complete_and_keeps_text_as_text():
    attack = "<script>alert(1)</script>"
    recipe = parse_recipe(
        f"task: classification\ndataset: {{path: '{attack}'}}\nbackbone: {{bidirectional: true}}\n", source="test"
    )
    broken = Measurement(*(np.array([1.0, 0.0, np.inf]) for _ in range(3)), weights=float("nan"))
    networks = [Network(variant, is_own=False, stages={0: broken, 5: broken}) for variant in VARIANTS]
    html = render_page(networks, recipe, command=attack)
    assert attack not in html
    assert "the forward one is measured" in html
    assert "overflow" in html
    assert "connect-src" not in html  # default-src 'none' forbids it
    [shown] = re.findall(r'<script id="charts" type="application/json">(.*?)</script>', html)
    specs = json.loads(shown, parse_constant=lambda name: pytest.fail(f"{name} in the charts"))
    rows = specs["cell0"]["data"]["values"]
    assert [(row["distance"], row["median"] > 0) for row in rows] == [(0, True), (1, True)] * 2  # none is infinite
    assert set(specs) == {"stage0", "stage5", *(f"cell{index}" for index in range(len(VARIANTS)))}
    assert set(re.findall(r'data-chart="(\w+)"', html)) == set(specs)
    assert not re.search(r'(src|href)="(?!#)', html.split("<script id=")[0])


def test_the_terminal_has_a_row_for_each_cell(capsys):
    print_gradients(NETWORKS, max_grad_norm=1.0, console=Console(width=100))
    shown = capsys.readouterr().out
    row = next(line for line in shown.splitlines() if line.startswith("│ lstm"))
    assert row.replace("│", " ").split() == ["lstm", "0.95", "0.6", "0.21", "never"]
