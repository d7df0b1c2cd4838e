"""`seqtasks verify` passes on every task, and finds what is wrong with a model that leaks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from cases import CASES, write_case
from tiny_tasks import seqtasks

from seqtasks.backbone import Batch
from seqtasks.decoding import Hypothesis
from seqtasks.tasks.classification import Classification
from seqtasks.training.checkpoint import Checkpoints
from seqtasks.verify import decoding

NAMES = [
    "batch size",
    "row order",
    "padding",
    "threads",
    "beam of 1",
    "streaming",
    "save and load",
    "resuming",
    "ONNX",
]
WRITING = {"captioning", "description", "translation", "chat", "pronunciation", "music"}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")


def _run(folder: Path, task: str) -> Path:
    recipe = write_case(folder, task)
    assert seqtasks("run", recipe, "--output", folder / "run").exit_code == 0
    return folder / "run"


def _outcomes(run: Path) -> dict[str, str]:
    return {finding["name"]: finding["outcome"] for finding in json.loads((run / "verify.json").read_text())}


@pytest.mark.parametrize("task", CASES)
def test_every_task(task, tmp_path):
    run = _run(tmp_path, task)
    result = seqtasks("verify", run)
    assert result.exit_code == 0, result.output
    outcomes = _outcomes(run)
    assert list(outcomes) == NAMES
    assert "different" not in outcomes.values()
    assert (outcomes["beam of 1"] == "same") == (task in WRITING)
    assert (outcomes["batch size"] == "same") == (task != "music")
    if task != "image_classification":
        assert outcomes["padding"] == "same"
    assert outcomes["resuming"] == outcomes["save and load"] == "same"
    report = (run / "report.html").read_text()
    assert 'id="verified"' in report
    assert all(name in report for name in NAMES)


def _padding_is_read(patch: pytest.MonkeyPatch) -> None:
    collate = Classification.collate

    def leaking(self: Classification, examples: object, rows: object) -> Batch:
        batch = collate(self, examples, rows)  # type: ignore[arg-type]
        lengths = torch.full_like(batch.inputs.lengths, int(batch.inputs.lengths.max()))
        return replace(batch, inputs=replace(batch.inputs, lengths=lengths))

    patch.setattr(Classification, "collate", leaking)


def _answers_depend_on_the_batch(patch: pytest.MonkeyPatch) -> None:
    predict = Classification.predict
    patch.setattr(
        Classification,
        "predict",
        lambda self, model, examples, rows, **named: [
            replace(answer, value=f"{answer.value} {place}")
            for place, answer in enumerate(predict(self, model, examples, rows, **named))
        ],
    )


def _random_state_is_lost(patch: pytest.MonkeyPatch) -> None:
    load = Checkpoints.load

    def forgetful(*arguments: object) -> object:
        state = torch.get_rng_state()
        found = load(*arguments)  # type: ignore[arg-type]
        torch.set_rng_state(state)
        return found

    patch.setattr(Checkpoints, "load", forgetful)


BROKEN = {
    "padding is read": (_padding_is_read, {"padding", "batch size", "row order"}),
    "an answer depends on its place in the batch": (_answers_depend_on_the_batch, {"batch size", "row order"}),
    "a resumed run draws other random numbers": (_random_state_is_lost, {"resuming"}),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_found(broken, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    recipe = write_case(folder, "classification")
    given = ["input.dropout=0.5", "--output", tmp_path / "run"]
    assert seqtasks("run", recipe, *given).exit_code == 0
    breaking, expected = BROKEN[broken]
    breaking(monkeypatch)
    result = seqtasks("verify", tmp_path / "run")
    assert result.exit_code == 1, result.output
    assert {name for name, outcome in _outcomes(tmp_path / "run").items() if outcome == "different"} >= expected


def test_a_beam_of_one_that_searches_otherwise(tmp_path, monkeypatch):
    run = _run(tmp_path, "translation")
    search = decoding.search

    def other(*arguments: object) -> list[list[Hypothesis]]:
        found = search(*arguments)  # type: ignore[arg-type]
        return [[replace(best[0], log_prob=best[0].log_prob - 0.01)] for best in found]

    monkeypatch.setattr(decoding, "search", other)
    assert seqtasks("verify", run).exit_code == 1
    assert _outcomes(run)["beam of 1"] == "different"
