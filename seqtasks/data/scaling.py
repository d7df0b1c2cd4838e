"""Numbers on one scale: mean 0 and standard deviation 1 over the training rows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import RunError
from seqtasks.files import read_json, write_json

_SMALLEST = 1e-8
"""A feature that varies less than this is constant and only shifted."""


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each feature.

    Attributes:
        mean: `(features,)`.
        deviation: `(features,)`, above 0.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def fit(cls, values: NDArray[np.floating]) -> Self:
        """Measure `(rows, features)`."""
        deviation = values.std(axis=0, dtype=np.float64)
        return cls(values.mean(axis=0, dtype=np.float64), np.where(deviation < _SMALLEST, 1.0, deviation))

    def apply(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        """To mean 0 and deviation 1; features are the last axis."""
        return ((values - self.mean) / self.deviation).astype(np.float32)

    def invert(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Back to the scale of the data."""
        return values * self.deviation + self.mean

    def save(self, path: Path) -> None:
        """Write JSON."""
        write_json(path, {"mean": self.mean.tolist(), "deviation": self.deviation.tolist()})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            RunError: the file is missing or damaged.
        """
        stored = read_json(path)
        try:
            mean, deviation = (np.asarray(stored[name], dtype=np.float64) for name in ("mean", "deviation"))
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{path}: {error}; expected mean and deviation; train the run again") from None
        return cls(mean, deviation)
