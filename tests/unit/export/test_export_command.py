"""`seqtasks export` on runs with random weights: what it writes, prints and refuses."""

import importlib
import json
import sys

import pytest
import torch
from cases import CASES
from click.testing import CliRunner
from datasets import Dataset

import seqtasks.export
from seqtasks.cli import main
from seqtasks.errors import ExportError
from seqtasks.export import parity
from seqtasks.predictor import load
from seqtasks.recipe import parse_recipe
from seqtasks.run_directory import RunDirectory
from seqtasks.runtime import load as load_exported
from seqtasks.tasks import task_class
from seqtasks.training.checkpoint import model_tensors, save_weights


def _run(folder, task, monkeypatch):
    """A run as training leaves it, beside its data."""
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", folder / "cache")
    case = CASES[task]
    rows = Dataset.from_dict(case.rows)
    (folder / "data").mkdir()
    for split in ("train", "validation", "test"):
        rows.to_parquet(folder / "data" / f"{split}.parquet")
    recipe = parse_recipe(
        f"task: {task}\ndataset: {{path: {folder / 'data'}}}\n{case.recipe.replace('CELL', 'lstm')}", source="test"
    )
    run = RunDirectory.create(folder / "run", recipe, command="", resume=False, overwrite=False).path
    fitted = task_class(recipe).fit(recipe, rows)
    fitted.save(run)
    torch.manual_seed(0)
    model = fitted.build()
    save_weights(run / "model.safetensors", model_tensors(model))
    return run


def _export(*arguments):
    return CliRunner().invoke(main, ["export", *map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize("task", ["tagging", "translation"])
def test_what_is_written_and_printed(task, tmp_path, monkeypatch):
    run = _run(tmp_path, task, monkeypatch)
    monkeypatch.setattr("seqtasks.export.latency.BATCH_SIZES", {1: 2, 3: 1})
    before = torch.get_num_threads()
    result = _export(run)
    assert result.exit_code == 0, result.output
    assert f"{task}, float32" in result.output
    assert "100.00% equal answers" in result.output
    assert f"folder: {run / 'export'}" in result.output
    assert torch.get_num_threads() == before
    inputs = CASES[task].inputs
    assert load_exported(run / "export").predict(inputs) == load(run).predict(inputs)

    manifest = json.loads((run / "export" / "manifest.json").read_text())
    made = manifest["export"]
    assert made["weights"] == "float32"
    assert made["parity"]["equal_answers"] == 1.0
    assert made["parity"]["score"]["torch"] == made["parity"]["score"]["onnx"]
    assert made["megabytes"].keys() == {"torch", "onnx"}
    assert {each["batch_size"] for each in made["latency"]} == {1, 3}
    assert set(manifest["files"]) == {path.name for path in (run / "export").iterdir()} - {"manifest.json"}

    small = _export(run, "--int8", "--tolerance", 100)
    assert small.exit_code == 0, small.output
    made = json.loads((run / "export-int8" / "manifest.json").read_text())["export"]
    assert made["parity"]["tolerance"] == 100
    sizes = [sum(path.stat().st_size for path in (run / name).glob("*.onnx")) for name in ("export", "export-int8")]
    assert sizes[1] != sizes[0]


def test_an_export_is_not_overwritten_unless_asked(tmp_path, monkeypatch):
    run = _run(tmp_path, "tagging", monkeypatch)
    monkeypatch.setattr("seqtasks.export.latency.BATCH_SIZES", {1: 1})
    output = tmp_path / "out"
    output.mkdir()
    (output / "mine.txt").write_text("kept")
    refused = _export(run, "--output", output, "--overwrite")
    assert refused.exit_code == 2
    assert "is not empty and not an exported folder" in refused.output
    (output / "mine.txt").unlink()
    assert _export(run, "--output", output).exit_code == 0
    refused = _export(run, "--output", output)
    assert refused.exit_code == 2
    assert "there is an export already; expected a new folder; add --overwrite" in refused.output
    assert _export(run, "--output", output, "--overwrite").exit_code == 0


def test_an_export_that_answers_otherwise_leaves_nothing_behind(tmp_path, monkeypatch):
    run = _run(tmp_path, "tagging", monkeypatch)
    monkeypatch.setattr(parity, "LARGEST_DIFFERENCE", 0.0)
    refused = _export(run)
    assert refused.exit_code == 2
    assert "error: parity: 100.00% of 4 rows are answered alike, and numbers differ by up to" in refused.output
    # Weights of 8 bits that lose more than is allowed.
    monkeypatch.setattr("seqtasks.export.parity._default_tolerance", lambda score: -2.0)
    refused = _export(run, "--int8")
    assert refused.exit_code == 2
    assert "expected to lose -2 at most; nothing was exported: raise --tolerance, or leave --int8 out" in refused.output
    assert not [path for path in run.iterdir() if "export" in path.name]


def test_other_answers_with_equal_logits_are_found(tmp_path, monkeypatch):
    run = _run(tmp_path, "classification", monkeypatch)
    predictor = load(run)
    monkeypatch.setattr("seqtasks.export.folder.load", lambda _: predictor)
    original = predictor.predict_with_details
    monkeypatch.setattr(
        predictor, "predict_with_details", lambda inputs: [parity.Prediction("?") for _ in original(inputs)]
    )
    refused = _export(run)
    assert refused.exit_code == 2
    assert "error: parity: 0.00% of 6 rows are answered alike" in refused.output


def test_a_tolerance_is_for_8_bits(tmp_path):
    refused = _export(tmp_path, "--tolerance", 1)
    assert refused.exit_code == 2
    assert "--tolerance is for --int8" in refused.output


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ExportError, match=r"export: onnx not installed; .*; run: pip install seqtasks\[onnx\]"):
        importlib.reload(seqtasks.export)
