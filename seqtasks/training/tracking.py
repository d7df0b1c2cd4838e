"""Experiment trackers: what the log says, to be watched while a run goes on.

They are those of accelerate. A tracker is told what is written to `log.jsonl`, which stays the record.
"""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from accelerate.tracking import GeneralTracker, TensorBoardTracker, TrackioTracker, WandBTracker

from seqtasks.errors import RecipeError

PROJECT = "seqtasks"


def require_tracker(name: str) -> None:
    """Before anything is written.

    Raises:
        RecipeError: the tracker's package is not installed.
    """
    if find_spec(name) is None:
        raise RecipeError(
            f"train.track: {name} is not installed; expected the package of the tracker; run: pip install {name}"
        )


def start_tracking(name: str, directory: Path, settings: Mapping[str, Any]) -> GeneralTracker:
    """Start a tracker.

    Args:
        name: `tensorboard`, which writes into `tracking/` of the run directory; `trackio` or `wandb`, which get a run
            of the directory's name in the project `seqtasks`.
        directory: of the run.
        settings: the recipe as plain values.
    """
    tracker: GeneralTracker
    if name == "tensorboard":
        tracker = TensorBoardTracker("tracking", directory)
    else:
        kind = TrackioTracker if name == "trackio" else WandBTracker
        tracker = kind(PROJECT, name=directory.resolve().name)
    tracker.start()
    tracker.store_init_configuration(dict(_flat(settings)))
    return tracker


def track(tracker: GeneralTracker, event: str, values: Mapping[str, Any]) -> None:
    """Tell a tracker what is logged: numbers of a training step as `train/NAME`, scores as `validation/NAME`."""
    if event == "end":
        tracker.finish()
        return
    group, numbers = ("validation", values["scores"]) if event == "eval" else ("train", values)
    told = {f"{group}/{name}": number for name, number in numbers.items() if isinstance(number, float)}
    tracker.log(told, step=values["step"])


def _flat(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        elif isinstance(value, bool | int | float | str):
            yield f"{path}{name}", value
