"""`catalog/watch_exercises`: which shoulder exercise somebody with a smart watch is doing, ten times a second.

Ten people did seven exercises of physiotherapy with each arm, some twenty times each. The file holds the 140
recordings, 50 times a second the acceleration and the angular velocity along three axes. Here five readings at a time
are averaged into one frame, each recording is cut into pieces of five to fifteen seconds, and four pieces of one arm
are joined into a session in which the exercise changes, with one tag a frame.

Split by subject: nobody is in two splits. Subjects 1 to 6 are for training (their recordings are cut anew ten times),
7 and 8 for validation, 9 and 10 for testing.
"""

import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasets import Dataset, Features, Sequence, Value

from seqtasks.data.catalog.catalog_set import FRAMES, CatalogSet, Wheel
from seqtasks.data.catalog.pickled_arrays import read_pickled_arrays

_FILE = "seglearn/data/watch_dataset.npy"
_EXERCISES = {
    "PEN": "pendulum",
    "ABD": "abduction",
    "FEL": "forward elevation",
    "IR": "internal rotation",
    "ER": "external rotation",
    "TRAP": "trapezius extension",
    "ROW": "upright row",
}
_SUBJECTS = {"train": (1, 2, 3, 4, 5, 6), "validation": (7, 8), "test": (9, 10)}
_USES = {"train": 10, "validation": 1, "test": 1}
_READINGS = 5  # in a frame: from 50 to 10 a second
_SHORTEST, _LONGEST = 50, 150  # frames of a piece
_PIECES = 4  # in a session
_FEATURES = Features({"subject": Value("int64"), "frames": FRAMES, "tags": Sequence(Value("string"))})


@dataclass(frozen=True)
class _Piece:
    frames: np.ndarray  # (time, channels)
    exercise: str


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    watch = read_pickled_arrays(archive.read(_FILE))
    # The stream of RandomState, other than that of default_rng, is promised never to change (NEP 19).
    random = np.random.RandomState(0)
    return {
        split: Dataset.from_dict(_sessions(watch, subjects, _USES[split], random), features=_FEATURES)
        for split, subjects in _SUBJECTS.items()
    }


def _sessions(
    watch: dict[str, Any], subjects: tuple[int, ...], uses: int, random: np.random.RandomState
) -> dict[str, list]:
    """Sessions in which each frame of these subjects occurs `uses` times."""
    columns: dict[str, list] = {"subject": [], "frames": [], "tags": []}
    for _ in range(uses):
        for subject in subjects:
            for side in (0, 1):
                arm = np.flatnonzero((watch["subject"] == subject) & (watch["side"] == side))
                pieces = [piece for number in arm for piece in _cut(watch, int(number), random)]
                order = random.permutation(len(pieces))
                for start in range(0, len(order), _PIECES):
                    members = [pieces[place] for place in order[start : start + _PIECES]]
                    columns["subject"].append(subject)
                    columns["frames"].append(np.concatenate([member.frames for member in members]))
                    columns["tags"].append([member.exercise for member in members for _ in member.frames])
    return columns


def _cut(watch: dict[str, Any], number: int, random: np.random.RandomState) -> list[_Piece]:
    """One recording in pieces that leave nothing out; the last takes what is too short for another."""
    readings = watch["X"][number]
    count = len(readings) // _READINGS
    frames = readings[: count * _READINGS].reshape(count, _READINGS, -1).mean(axis=1).astype(np.float32)
    exercise = _EXERCISES[watch["y_labels"][watch["y"][number]]]
    pieces = []
    start = 0
    while start < count:
        end = start + random.randint(_SHORTEST, _LONGEST + 1)
        if count - end < _SHORTEST:
            end = count
        pieces.append(_Piece(frames[start:end], exercise))
        start = end
    return pieces


WATCH_EXERCISES = CatalogSet(
    name="watch_exercises",
    title="Watch exercises",
    description="sessions of a smart watch's motion sensors, and the shoulder exercise at each frame",
    wheel=Wheel(
        package="seglearn",
        version="1.2.5",
        sha256="ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd",
        megabytes=11.3,
    ),
    licence="package BSD-3-Clause, data and code, by the data's author",
    citation="D. M. Burns, N. Leung, M. Hardisty, C. M. Whyne, P. Henry and S. McLachlin. Shoulder physiotherapy "
    "exercise recognition: machine learning the inertial signals from a smartwatch, 2018. arXiv:1802.01489.",
    homepage="https://github.com/dmbee/seglearn",
    columns=("subject", "frames", "tags"),
    rows=_rows,
)
