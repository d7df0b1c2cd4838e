"""Many-to-many of the same length: frames in, one tag a frame out.

[400 frames of a motion sensor]  ->  pendulum pendulum ... abduction abduction
"""

from typing import ClassVar

import numpy as np
from datasets import Dataset

from seqtasks.tasks.baselines import framewise_logistic_regression
from seqtasks.tasks.examples import Prediction, plain
from seqtasks.tasks.readers import FrameReader, Reader
from seqtasks.tasks.tagging import Tagging


class FrameTagging(Tagging):
    """One tag for each frame of a recording."""

    name: ClassVar = "frame_tagging"
    steps: ClassVar = "frames"
    reader_class: ClassVar[type[Reader]] = FrameReader

    def unknown(self, rows: Dataset) -> list[list[bool]]:
        """Frames are not looked up, so none is unknown."""
        return [[False] * len(frames) for frames in rows["frames"]]

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Logistic regression on each frame alone."""
        known, asked = ([np.asarray(frames) for frames in rows["frames"]] for rows in (train, test))
        return {"each frame alone": plain(framewise_logistic_regression(known, train["tags"], asked))}
