"""Exported models of every task and cell answer as torch does, whatever the lengths and however they are batched."""

import numpy as np
import pytest
import torch
from cases import CASES
from exported_runs import export_to, inputs_of, predictor_of

from seqtasks.errors import ExportError
from seqtasks.prediction import Prediction

REFUSED = ("music", "language_modeling")
CELLS = ("lstm", "gru", "rnn_tanh")
EXPORTABLE = [
    (name, cell)
    for name, case in CASES.items()
    if name not in REFUSED
    for cell in (CELLS if "CELL" in case.recipe else CELLS[:1])
]
ENCODER = "hidden_size: 8"
DECODER = "attention: general"
VARIANTS = [
    ("classification", {"bidirectional: true": "bidirectional: true, num_layers: 2, layer_norm: true, residual: true"}),
    ("classification", {"bidirectional: true": "residual: true, cell: rnn_relu, learn_initial_state: true"}),
    *[
        ("classification", {"al: true}": f"al: true}}\nhead: {{pooling: {kind}}}"})
        for kind in ("mean", "max", "attention")
    ],
    ("frame_classification", {"backbone:": "input: {projection_size: 6}\nbackbone:"}),
    ("tagging", {"hidden_size: 4": "hidden_size: 4, encoder: cnn", "crf: true": "crf: false"}),
    ("tagging", {", characters: {embedding_size: 4, hidden_size: 4}": ""}),
    ("regression", {"hidden_size: 8": "hidden_size: 8, num_layers: 2, learn_initial_state: true"}),
    *[("translation", {DECODER: f"attention: {kind}"}) for kind in ("dot", "additive", "multihead", "null")],
    ("translation", {DECODER: "attention: general, input_feeding: true, num_layers: 2, tie_embeddings: false"}),
    ("translation", {DECODER: "attention: dot, num_layers: 2", "embedding_size: 8, c": "embedding_size: 6, c"}),
    ("translation", {"num_beams: 2": "num_beams: 4, length_penalty: 0.3"}),
    ("captioning", {"attention: dot": "attention: additive", "size: 8, ch": "size: 9, color: true, ch"}),
]


def _assert_same(ours: list[Prediction], theirs: list[Prediction]) -> None:
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        if np.asarray(our.value).dtype.kind == "f" and our.value:
            np.testing.assert_allclose(their.value, our.value, rtol=1e-3, atol=1e-3)
        else:
            assert our.value == their.value
        shared = {key: value for key, value in our.details.items() if not isinstance(value, list)}
        assert their.details == pytest.approx(shared, abs=1e-3)  # exports give no probabilities of tags


def _check(name, predictor, folder):
    exported, inputs = export_to(folder, predictor), inputs_of(name)
    ours = predictor.predict_with_details(inputs)
    _assert_same(ours, exported.predict_with_details(inputs))
    _assert_same(ours[::-1], exported.predict_with_details(inputs[::-1]))
    for our, given in list(zip(ours, inputs, strict=True))[-4:]:
        _assert_same([our], exported.predict_with_details([given]))


@pytest.mark.parametrize(("name", "cell"), EXPORTABLE)
def test_an_export_answers_as_its_run(name, cell, tmp_path):
    _check(name, predictor_of(name, cell), tmp_path)


@pytest.mark.parametrize(("name", "replaced"), VARIANTS)
def test_every_part_has_its_counterpart(name, replaced, tmp_path):
    cell = "rnn_relu" if "cell: rnn_relu" in str(replaced) else "gru"
    replaced = {old: new.replace(", cell: rnn_relu", "") for old, new in replaced.items()}
    _check(name, predictor_of(name, cell, **replaced), tmp_path)


@pytest.mark.parametrize(
    ("name", "token", "given", "kept"),
    [("translation", "<ph0>", "close {a}", "{a}"), ("description", "<name>", "name[Zizzi], food[Thai]", "Zizzi")],
)
def test_what_is_copied_comes_back(name, token, given, kept, tmp_path):
    predictor = predictor_of(name)
    with torch.no_grad():
        predictor.model.head.output.bias[predictor.task.tokenizer.ids([token])] = 100.0
    (answer,) = export_to(tmp_path, predictor).predict([given])
    assert kept in answer
    assert predictor.predict([given]) == [answer]


@pytest.mark.parametrize("name", ["classification", "tagging", "translation", "forecasting"])
@pytest.mark.parametrize("cell", CELLS)
def test_weights_of_8_bits_change_little(name, cell, tmp_path):
    predictor = predictor_of(name, cell)
    (tmp_path / "whole").mkdir()
    (tmp_path / "small").mkdir()
    whole, small = (export_to(tmp_path / kind, predictor, int8=kind == "small") for kind in ("whole", "small"))
    encoded = whole.read(CASES[name].inputs[:4])
    feed = encoded.feed(whole.batches(encoded)[0])
    network, output = ("encoder", "state_0") if name == "translation" else ("model", "logits")
    exact, near = (model.networks[network](feed)[output] for model in (whole, small))
    assert 0 < abs(exact - near).max() < 0.1 * abs(exact).max()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_drawn_or_streamed_is_refused(name, tmp_path):
    with pytest.raises(ExportError, match=f"task: {name} cannot be exported; expected one that answers with"):
        export_to(tmp_path, predictor_of(name))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["regression", "captioning"])
def test_a_cell_without_operator_is_refused(name, tmp_path):
    with pytest.raises(ExportError, match="cell: mingru is not among the operators of ONNX; expected rnn_tanh"):
        export_to(tmp_path, predictor_of(name, "mingru"))
    assert not list(tmp_path.iterdir())


def test_sampling_is_refused(tmp_path):
    predictor = predictor_of("chat", **{"num_beams: 1": "num_beams: 1, do_sample: true"})
    with pytest.raises(ExportError, match=r"decoding\.do_sample: true.*; expected greedy or beam search; use"):
        export_to(tmp_path, predictor)
