"""The most probable path of a linear chain, as `seqtasks.heads.linear_chain` finds it, in numpy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import ExportError
from seqtasks.files import read_json, write_json


@dataclass(frozen=True)
class Chain:
    """What a chain adds to the emissions.

    Attributes:
        start: of the first label, `(labels,)`.
        transitions: from label i to label j, `(labels, labels)`.
        end: of the last label, `(labels,)`.
    """

    start: NDArray[np.float32]
    transitions: NDArray[np.float32]
    end: NDArray[np.float32]

    def save(self, path: Path) -> None:
        """Write JSON."""
        write_json(path, {name: values.tolist() for name, values in vars(self).items()})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ExportError: the file is damaged.
        """
        stored: dict[str, Any] = read_json(path)
        try:
            return cls(**{name: np.asarray(values, dtype=np.float32) for name, values in stored.items()})
        except (AttributeError, TypeError, ValueError) as error:
            raise ExportError(f"{path}: {error}; expected the scores of a chain; export the run again") from None


def viterbi(emissions: NDArray[np.float32], lengths: NDArray[np.integer], chain: Chain) -> NDArray[np.int64]:
    """The best path of each row; what stands at padding is not read.

    Args:
        emissions: `(batch, time, labels)`.
        lengths: real steps of each row, at least 1, `(batch,)`.
        chain: its scores.

    Returns:
        Labels `(batch, time)`, to be cut at the row's length.
    """
    rows, time = np.arange(len(emissions)), emissions.shape[1]
    best = chain.start + emissions[:, 0]
    origins = np.zeros(emissions.shape, dtype=np.int64)
    for step in range(1, time):
        real = step < lengths
        reached = best[:, :, None] + chain.transitions
        origins[:, step] = reached.argmax(1)
        best = np.where(real[:, None], reached.max(1) + emissions[:, step], best)
    path = np.zeros((len(emissions), time), dtype=np.int64)
    label = (best + chain.end).argmax(1)
    for step in reversed(range(time)):
        path[:, step] = label
        label = np.where(step < lengths, origins[rows, step, label], label)
    return path
