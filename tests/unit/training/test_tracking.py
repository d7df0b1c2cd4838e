import sys
from types import SimpleNamespace

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from seqtasks.errors import RecipeError
from seqtasks.training.log import RunLog
from seqtasks.training.tracking import require_tracker, start_tracking

SETTINGS = {"task": "tagging", "train": {"seed": 3, "max_steps": None, "learning_rate": 0.1}, "channels": [1]}


def write_events(log: RunLog) -> None:
    log.write("train", step=5, epoch=0.5, loss=2.5, learning_rate=0.1, seconds=1.0)
    log.write("eval", step=6, epoch=1.0, scores={"accuracy": 0.25, "loss": None}, best=True, seconds=2.0)
    log.write("end", step=6, reason="epochs", seconds=3.0)


def test_tensorboard_shows_what_the_log_says(tmp_path):
    log = RunLog(tmp_path / "log.jsonl")
    log.tracker = start_tracking("tensorboard", tmp_path, SETTINGS)
    write_events(log)
    shown = EventAccumulator(str(tmp_path / "tracking")).Reload()
    found = {name: [(event.step, event.value) for event in shown.Scalars(name)] for name in shown.Tags()["scalars"]}
    assert found["train/loss"] == [(5, 2.5)]
    assert found["validation/accuracy"] == [(6, 0.25)]
    assert "validation/loss" not in found
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 3


@pytest.mark.parametrize("name", ["trackio", "wandb"])
def test_trackers_with_a_service(name, tmp_path, monkeypatch):
    """A stand-in for their packages: what accelerate calls of them."""
    calls = []
    run = SimpleNamespace(
        log=lambda values, step, **_: calls.append((step, values)), finish=lambda: calls.append("finished")
    )
    config = SimpleNamespace(update=lambda values, **_: calls.append(values))
    package = SimpleNamespace(init=lambda **options: calls.append(options) or run, config=config)
    monkeypatch.setitem(sys.modules, name, package)
    log = RunLog(tmp_path / "log.jsonl")
    log.tracker = start_tracking(name, tmp_path, SETTINGS)
    write_events(log)
    assert calls == [
        {"project": "seqtasks", "name": tmp_path.name},
        {"task": "tagging", "train.seed": 3, "train.learning_rate": 0.1},
        (5, {"train/epoch": 0.5, "train/loss": 2.5, "train/learning_rate": 0.1, "train/seconds": 1.0}),
        (6, {"validation/accuracy": 0.25}),
        "finished",
    ]


def test_a_missing_package():
    with pytest.raises(RecipeError, match=r"train\.track: wandb is not installed; .* run: pip install wandb"):
        require_tracker("wandb")
