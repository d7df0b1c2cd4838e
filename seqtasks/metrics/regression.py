"""Errors of numbers: forecasts and regression."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import DataError
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import check_rows, share
from seqtasks.metrics.score import Score

ErrorName = Literal["mae", "mse", "rmse", "mase"]


def regression_scores(
    references: NDArray[np.floating],
    outputs: NDArray[np.floating],
    *,
    names: Sequence[ErrorName],
    scale: NDArray[np.floating] | None = None,
    prefix: str = "",
    block_length: int = 1,
    intervals: bool = True,
) -> list[Score]:
    """Mean errors over all numbers; lower is better.

    `mae` |error|, `mse` error², `rmse` its root, `mase` |error| divided by the mean absolute error that a seasonal
    naive forecast makes within the training series (Hyndman and Koehler 2006): below 1 is better than that.

    Args:
        references: right numbers, `(rows, steps, series)`.
        outputs: given numbers, of the same shape.
        names: which errors, in this order.
        scale: that naive error of each series, `(series,)`; for `mase` only.
        prefix: of the scores' names.
        block_length: rows that are drawn together by the bootstrap, because they overlap or follow each other closely
            (block bootstrap, Künsch 1989); drawn one by one, they would make intervals too narrow.
        intervals: whether to resample rows for intervals.

    Raises:
        DataError: there are no rows, references and outputs differ in shape, or `mase` has no scale.
    """
    found = regression_statistics(
        references, outputs, names=names, scale=scale, prefix=prefix, block_length=block_length
    )
    return [statistics.to_score(intervals=intervals) for statistics in found]


def regression_statistics(
    references: NDArray[np.floating],
    outputs: NDArray[np.floating],
    *,
    names: Sequence[ErrorName],
    scale: NDArray[np.floating] | None = None,
    prefix: str = "",
    block_length: int = 1,
) -> list[ScoreStatistics]:
    """What each row, or each block of rows, adds to the scores of `regression_scores`."""
    check_rows("regression scores", references=list(references), predictions=list(outputs))
    if np.shape(references) != np.shape(outputs):
        raise DataError(
            f"regression scores: references of shape {np.shape(references)} and outputs of shape {np.shape(outputs)} "
            "were given; equal shapes were expected; check that both come from the same split"
        )
    errors = np.abs(np.asarray(outputs, dtype=np.float64) - references)
    found = []
    for name in names:
        values = _values(name, errors, scale).reshape(len(errors), -1)
        counts = np.stack([values.sum(axis=1), np.full(len(values), values.shape[1])], axis=1)
        counts = np.add.reduceat(counts, np.arange(0, len(counts), block_length))
        formula: Callable[[NDArray], NDArray] = _root_share if name == "rmse" else share
        found.append(
            ScoreStatistics(
                prefix + name,
                counts,
                formula,
                signature=f"{name}|{'standardised values' if prefix else 'values as given'}"
                + (f"|rows in a block:{block_length}" if block_length > 1 else ""),
                support=f"{values.size:,} numbers",
                unit="ratio" if name == "mase" else "value",
                higher_is_better=False,
            )
        )
    return found


def _values(name: ErrorName, errors: NDArray[np.floating], scale: NDArray[np.floating] | None) -> NDArray[np.floating]:
    """What the score is the mean of."""
    if name == "mae":
        return errors
    if name != "mase":
        return errors**2
    if scale is None:
        raise DataError("regression scores: no scale was given; mase needs one; pass the naive error of each series")
    return errors / np.where(scale > 0, scale, 1.0)  # a series that never changes has no naive error


def _root_share(counts: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.sqrt(share(counts))
