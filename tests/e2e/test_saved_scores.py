"""The scores of a run are those that the sacrebleu command gives for its saved predictions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("task", ["captioning", "translation"])
def test_bleu_and_chrf_equal_the_sacrebleu_command(runs: dict[str, Path], tmp_path: Path, task: str) -> None:
    lines = (runs[task] / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    (tmp_path / "system").write_text("".join(row["prediction"] + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "reference").write_text("".join(row["reference"][0] + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "sacrebleu", "reference", "-i", "system", "-m", "bleu", "chrf", "-w", "6"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    theirs = {score["name"].lower(): score["score"] for score in json.loads(printed)}
    ours = {
        score["name"]: score["value"]
        for score in json.loads((runs[task] / "scores.json").read_text(encoding="utf-8"))["test"]["scores"]
    }
    assert ours["bleu"] == pytest.approx(theirs["bleu"], abs=1e-5)
    assert ours["chrf"] == pytest.approx(theirs["chrf2"], abs=1e-5)
