"""`Examples`: encoded rows, and what is answered to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from seqtasks.prediction import Prediction

__all__ = ["Examples", "Prediction", "Rows", "plain", "values"]

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Examples:
    """Encoded rows.

    Attributes:
        inputs: in the reader's own form, one entry a row.
        lengths: what each row costs in a batch, `(rows,)` or `(rows, sides)`.
        targets: in the task's own form; None when only predicting.
        cut: rows that were cut at the maximum length, `(rows,)`.
        unknown: for each token of all rows whether the vocabulary lacks it; None where there are no tokens.
        notes: whatever else the task needs to answer, one entry an input.
        sources: the input of each row, where several rows share one, `(rows,)`; None: each has its own.
    """

    inputs: Any
    lengths: NDArray[np.int64]
    cut: NDArray[np.bool_]
    targets: Any = None
    unknown: NDArray[np.bool_] | None = None
    notes: Sequence[Any] = ()
    sources: Rows | None = None

    def __len__(self) -> int:
        return len(self.lengths)

    def inputs_of(self, rows: Rows) -> Rows:
        """The inputs of these rows."""
        return rows if self.sources is None else self.sources[rows]

    def with_targets(self, targets: Any) -> Self:
        """The same with what is to be answered."""
        return replace(self, targets=targets)


def plain(values: Iterable[Any]) -> list[Prediction]:
    """Answers without details, such as those of a baseline."""
    return [Prediction(value) for value in values]


def values(predictions: Sequence[Prediction]) -> list[Any]:
    """The answers alone."""
    return [prediction.value for prediction in predictions]
