"""Many-to-one: the frames of a recording in, one label out.

[34 frames of 13 spectral features]  ->  seven
"""

from typing import ClassVar

import numpy as np
from datasets import Dataset

from seqtasks.tasks.baselines import pooled_statistics
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.examples import Prediction, plain
from seqtasks.tasks.readers import FrameReader, Reader


class FrameClassification(Classification):
    """One label for a recording."""

    name: ClassVar = "frame_classification"
    bucket_width: ClassVar = 8
    reader_class: ClassVar[type[Reader]] = FrameReader

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Logistic regression on statistics of each feature over time."""
        known, asked = ([np.asarray(frames) for frames in rows["frames"]] for rows in (train, test))
        return {"pooled statistics": plain(pooled_statistics(known, train["label"], asked))}
