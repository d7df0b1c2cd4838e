"""Recordings as rows of frames, on the scale of the training rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.ragged import Ragged
from seqtasks.data.scaling import Scaling
from seqtasks.errors import DataError


def ragged_frames(values: Sequence[Sequence[Sequence[float]]], *, num_features: int) -> Ragged:
    """Join recordings.

    Args:
        values: a list of frames each.
        num_features: numbers in a frame.

    Raises:
        DataError: a frame has another size.
    """
    for index, frames in enumerate(values):
        sizes = {np.size(frame) for frame in frames}
        if sizes - {num_features}:
            raise DataError(
                f"row {index}: has a frame of {min(sizes - {num_features})} numbers; expected {num_features} in every "
                "frame, as in the first training row; mend or remove the row"
            )
    return Ragged.from_frames(values, num_features)


def scaled(rows: Ragged, scaling: Scaling) -> Ragged:
    """The same rows on the scale of the training rows."""
    return Ragged(scaling.apply(rows.values), rows.offsets)


def pad_frames(rows: Ragged, chosen: NDArray[np.integer]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Frames `(batch, time, features)` and lengths; a row without any has one of means, so that there is a step."""
    frames, lengths = rows.pad(chosen, 0.0)
    return frames, np.maximum(lengths, 1)
