"""Two processes on one CPU, as `torchrun` starts them."""

import json
import os
import subprocess
import sys

import torch
from tiny_tasks import seqtasks

from seqtasks.training.checkpoint import load_weights


def test_two_processes_train_what_one_does_with_twice_the_batches_in_a_step(home, tmp_path):
    settings = ["train.average_checkpoints=2", "train.tokens_per_batch=20"]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "-m", "seqtasks"]
    result = subprocess.run(
        [*launcher, "run", home / "classification.yaml", *settings, "--output", tmp_path / "two"],
        env=os.environ | {"ACCELERATE_USE_CPU": "true"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    for shown in ("Loading the data", "step 12/12", "Scoring the test rows"):
        assert result.stderr.count(shown) == 1
    assert result.stdout.count("report: ") == 1
    doubled = [*settings, "train.gradient_accumulation_steps=2"]
    assert seqtasks("run", home / "classification.yaml", *doubled, "--output", tmp_path / "one").exit_code == 0
    two, one = (load_weights(tmp_path / name / "model.safetensors") for name in ("two", "one"))
    for name, tensor in one.items():
        torch.testing.assert_close(two[name], tensor, rtol=1e-4, atol=1e-5)
    logs = [(tmp_path / name / "log.jsonl").read_text().splitlines() for name in ("two", "one")]
    losses = [[event["loss"] for event in map(json.loads, log) if event["event"] == "train"] for log in logs]
    torch.testing.assert_close(*map(torch.tensor, losses))
