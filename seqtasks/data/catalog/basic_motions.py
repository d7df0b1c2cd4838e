"""`catalog/basic_motions`: what somebody with a smart watch is doing, ten times a second.

The file holds 40 training and 40 test recordings of 100 frames (ten seconds of accelerometer and gyroscope, three
axes each), each of one activity: standing, running, walking or badminton. Here four pieces at a time are joined into a
session in which the activity changes, with one tag a frame. A piece is 60 to 100 frames out of a recording, chosen at
random, so changes come at no fixed time.

Split: test sessions are made of the test recordings, each used once. Of the training recordings the last three of each
activity make the validation sessions (four times, cut anew each time) and the other 28 the training sessions (twenty
times). The recordings are of four students, but the file does not say which is whose: a student is most likely in
all splits.
"""

import zipfile
from dataclasses import dataclass

import numpy as np
from datasets import Dataset, Features, Sequence, Value

from seqtasks.data.catalog.catalog_set import FRAMES, CatalogSet, Wheel

_FILE = "aeon/datasets/data/BasicMotions/BasicMotions_{}.ts"
_HELD_OUT = 3  # recordings of each activity for validation
_USES = {"train": 20, "validation": 4, "test": 1}
_PIECES = 4  # in a session
_SHORTEST = 60  # frames of a piece
_FEATURES = Features({"frames": FRAMES, "tags": Sequence(Value("string"))})


@dataclass(frozen=True)
class _Recording:
    frames: np.ndarray  # (time, channels)
    activity: str


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    recordings: dict[str, list[_Recording]] = {"train": [], "validation": [], "test": _read(archive, "TEST")}
    training = _read(archive, "TRAIN")
    for activity in dict.fromkeys(recording.activity for recording in training):
        members = [recording for recording in training if recording.activity == activity]
        recordings["train"] += members[:-_HELD_OUT]
        recordings["validation"] += members[-_HELD_OUT:]
    # The stream of RandomState, other than that of default_rng, is promised never to change (NEP 19).
    random = np.random.RandomState(0)
    return {
        split: Dataset.from_dict(_sessions(members, _USES[split], random), features=_FEATURES)
        for split, members in recordings.items()
    }


def _read(archive: zipfile.ZipFile, part: str) -> list[_Recording]:
    """A line is `channel:channel:...:activity`, a channel its numbers with commas; `#` and `@` begin other lines."""
    lines = archive.read(_FILE.format(part)).decode("utf-8").splitlines()
    recordings = []
    for line in lines:
        if line.strip() and line[0] not in "#@":
            *channels, activity = line.split(":")
            frames = np.array([channel.split(",") for channel in channels], dtype=np.float32).T
            recordings.append(_Recording(frames, activity.strip().lower()))
    return recordings


def _sessions(recordings: list[_Recording], uses: int, random: np.random.RandomState) -> dict[str, list]:
    """Sessions in which each recording occurs `uses` times."""
    columns: dict[str, list] = {"frames": [], "tags": []}
    for _ in range(uses):
        order = random.permutation(len(recordings))
        for start in range(0, len(order), _PIECES):
            members = [recordings[number] for number in order[start : start + _PIECES]]
            pieces = [_piece(recording.frames, random) for recording in members]
            columns["frames"].append(np.concatenate(pieces))
            columns["tags"].append(
                [member.activity for member, piece in zip(members, pieces, strict=True) for _ in piece]
            )
    return columns


def _piece(frames: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    length = random.randint(_SHORTEST, len(frames) + 1)
    start = random.randint(0, len(frames) - length + 1)
    return frames[start : start + length]


BASIC_MOTIONS = CatalogSet(
    name="basic_motions",
    title="BasicMotions",
    description="sessions of a smart watch's motion sensors, and the activity at each frame",
    wheel=Wheel(
        package="aeon",
        version="1.6.0",
        sha256="d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409",
        megabytes=6.4,
    ),
    licence="package BSD-3-Clause; the data's authors name no licence",
    citation="A. Bagnall et al. The UEA multivariate time series classification archive, 2018. arXiv:1811.00075.",
    homepage="https://www.timeseriesclassification.com/description.php?Dataset=BasicMotions",
    columns=("frames", "tags"),
    rows=_rows,
)
