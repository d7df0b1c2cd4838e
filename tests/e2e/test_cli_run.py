import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from tiny_tasks import TASKS, seqtasks

from seqtasks.training.checkpoint import load_weights


@pytest.mark.parametrize("task", TASKS)
def test_a_run_shows_its_progress_and_ends_with_a_table(task, home, runs):
    output = (home / "runs" / f"{task}.txt").read_text()
    stages = [output.index(stage) for stage in ("Loading the data", "Training", "Scoring the test rows")]
    assert stages == sorted(stages)
    assert re.search(r"step 12/12  loss \d\.\d+  [\d,]+ tokens/s  0:00 left", output)
    assert re.search(r"step 6  validation  loss ", output)
    table = output[output.index("scores on the test split") :]
    assert "95% interval" in table
    assert re.search(r"\d–\d", table)
    assert table.splitlines()[-1] == f"report: {runs[task] / 'report.html'}"
    assert (runs[task] / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("task", TASKS)
def test_a_run_directory_is_complete(task, home, runs):
    path = runs[task]
    assert not list(path.rglob(".*"))
    environment = json.loads((path / "environment.json").read_text())
    assert environment["command"] == f"seqtasks run {home / task}.yaml --output {path}"
    assert len((path / "predictions.jsonl").read_text().splitlines()) == 12
    scores = json.loads((path / "scores.json").read_text())
    assert scores["test"]["baselines"]
    assert all(score["low"] <= score["value"] <= score["high"] for score in scores["test"]["scores"])
    names = {json.loads(line)["event"] for line in (path / "log.jsonl").read_text().splitlines()}
    assert names == {"train", "eval", "end"}


def test_an_earlier_run_is_not_touched_without_a_flag(home, runs):
    before = {path: path.stat().st_mtime_ns for path in runs["tagging"].rglob("*")}
    result = seqtasks("run", home / "tagging.yaml", "--output", runs["tagging"])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {runs['tagging']}: there is a run already; ")
    assert "--resume" in result.stderr
    assert "--overwrite" in result.stderr
    result = seqtasks("run", home / "tagging.yaml", "train.seed=1", "--resume", "--output", runs["tagging"])
    assert result.exit_code == 2
    assert "(seed: 1)" in result.stderr
    # A mistake in the data or the settings comes before the old run is deleted.
    arguments = ["--overwrite", "--output", runs["tagging"]]
    for mistake in ("dataset.columns.tags=no", "train.metric_for_best_model=bleu"):
        assert seqtasks("run", home / "tagging.yaml", mistake, *arguments).exit_code == 2
    assert {path: path.stat().st_mtime_ns for path in runs["tagging"].rglob("*")} == before


def test_the_flags_exclude_each_other(home):
    result = seqtasks("run", home / "tagging.yaml", "--resume", "--overwrite")
    assert result.exit_code == 2
    assert "choose one of them" in result.stderr


def test_overwrite_and_the_default_place(home, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    recipe = home / "classification.yaml"
    assert seqtasks("run", recipe, "train.max_steps=2").exit_code == 0
    (tmp_path / "runs/classification/mine.txt").touch()
    assert seqtasks("run", recipe, "train.max_steps=3", "--overwrite").exit_code == 0
    assert not (tmp_path / "runs/classification/mine.txt").exists()
    assert '"step": 3' in (tmp_path / "runs/classification/log.jsonl").read_text()


def test_ctrl_c_and_resume_end_in_the_same_weights(home, tmp_path):
    recipe, output = home / "classification.yaml", tmp_path / "my run"
    settings = ["train.max_steps=150", "train.eval_steps=75"]
    begin = [sys.executable, "-m", "seqtasks", "run", str(recipe), *settings, "--output", str(output)]
    process = subprocess.Popen(begin, stderr=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    deadline = time.monotonic() + 60
    while not (output / "log.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    command = f"seqtasks run {recipe} {' '.join(settings)} --output '{output}' --resume"
    assert re.search(rf"stopped at step \d+ of 150; go on with: {re.escape(command)}$", stderr, re.MULTILINE)
    assert "Traceback" not in stderr
    assert not (output / "scores.json").exists()
    fitted = (output / "tokenizer.json").stat().st_mtime_ns
    assert seqtasks("run", recipe, *settings, "--output", output, "--resume").exit_code == 0
    assert seqtasks("run", recipe, *settings, "--output", tmp_path / "whole").exit_code == 0
    assert (output / "tokenizer.json").stat().st_mtime_ns == fitted
    resumed, whole = (load_weights(path / "model.safetensors") for path in (output, tmp_path / "whole"))
    assert all(resumed[name].equal(tensor) for name, tensor in whole.items())


def test_a_tracked_run(home, tmp_path):
    arguments = ("run", home / "classification.yaml", "--output", tmp_path / "run")
    missing = seqtasks(*arguments, "train.track=wandb")
    assert missing.exit_code == 2
    assert "pip install wandb" in missing.stderr
    assert not (tmp_path / "run").exists()
    assert seqtasks(*arguments, "train.track=tensorboard").exit_code == 0
    assert list((tmp_path / "run" / "tracking").glob("events.out.*"))
