"""Rows of unequal length as one flat array with offsets, the layout of an Arrow list column.

Everything that is encoded (token ids, tags, characters, frames) is held like this; padding happens only when a
batch is cut, so memory is what the data needs and a batch costs one gather.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ragged:
    """Rows of unequal length.

    Attributes:
        values: all rows end to end, `(total,)` int32, or `(total, features)` float32.
        offsets: `(rows + 1,)` int64; row `i` is `values[offsets[i]:offsets[i + 1]]`.
    """

    values: NDArray[Any]
    offsets: NDArray[np.int64]

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[int] | NDArray[np.integer]]) -> "Ragged":
        """Join rows of integers, read one by one."""
        joined, offsets = bytearray(), array("q", [0])
        for row in rows:
            joined += np.asarray(row, dtype=np.int32).tobytes()
            offsets.append(offsets[-1] + len(row))
        return cls(np.frombuffer(joined, np.int32), np.frombuffer(offsets, np.int64))

    @classmethod
    def from_frames(
        cls, rows: Iterable[Sequence[Sequence[float]] | NDArray[np.floating]], num_features: int
    ) -> "Ragged":
        """Join rows of `(time, num_features)`."""
        arrays = [np.asarray(row, dtype=np.float32).reshape(-1, num_features) for row in rows]
        offsets = np.zeros(len(arrays) + 1, dtype=np.int64)
        np.cumsum([len(frames) for frames in arrays], out=offsets[1:])
        return cls(np.concatenate(arrays) if arrays else np.zeros((0, num_features), np.float32), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> NDArray[Any]:
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of every row, `(rows,)`."""
        return np.diff(self.offsets)

    def pad(self, rows: NDArray[np.integer], value: float) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Cut a batch: the chosen rows side by side, filled up with `value`.

        Args:
            rows: which rows, `(batch,)`.
            value: what stands behind the end of a shorter row.

        Returns:
            The padded rows `(batch, longest, ...)`, int64 or float32, and their lengths `(batch,)`.
        """
        starts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - starts  # not `self.lengths`: a batch must not cost what all rows cost
        steps = np.arange(max(1, lengths.max(initial=0)))
        real = steps < lengths[:, None]
        kind = np.int64 if np.issubdtype(self.values.dtype, np.integer) else np.float32
        padded = np.full((*real.shape, *self.values.shape[1:]), value, dtype=kind)
        padded[real] = self.values[(starts[:, None] + steps)[real]]
        return padded, lengths
