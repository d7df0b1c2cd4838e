"""Rows or words in buckets, and the score of each: where a model fails.

A bucket's score is a ratio r = sum(points) / sum(out_of) over rows. Its interval is r ± 1.96 s with the linearised
variance of a ratio, s² = sum((points - r out_of)²) / sum(out_of)² (Cochran 1977, Sampling Techniques, 6.4). Rows are
the units, so words of one row may fail together. Of a share it is Wilson's interval (1927) for r (1 - r) / s² answers,
which does not shrink to nothing where few answers are all right; independent answers count as many as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Bucket:
    """Rows or words that have something in common, and their score.

    Attributes:
        name: what they have in common, such as the lengths `5–8`.
        size: how many.
        score: of them.
        lower, upper: its 95% interval.
    """

    name: str
    size: int
    score: float
    lower: float
    upper: float


def scored_bucket(
    name: str, size: int, points: ArrayLike, out_of: ArrayLike, *, lowest: float = 0.0, minus: ArrayLike | None = None
) -> Bucket:
    """Score a bucket.

    Args:
        name: of the bucket.
        size: how many rows or words it holds.
        points: what each row earned, `(rows,)`.
        out_of: what it could have earned; the sum is above 0.
        lowest: the lowest that a score can be.
        minus: points and out_of of another model on the same rows, `(2, rows)`, whose score is taken off.
    """
    score, residuals = _ratio(np.asarray(points, dtype=float), np.asarray(out_of, dtype=float))
    if minus is not None:
        other, others = _ratio(*np.asarray(minus, dtype=float))
        score, residuals = score - other, residuals - others
    margin = 1.96 * float(np.sqrt((residuals**2).sum()))
    return Bucket(name, size, score, max(lowest, score - margin), score + margin)


def share_bucket(name: str, size: int, points: ArrayLike, out_of: ArrayLike) -> Bucket:
    """Score a bucket whose score is a share, from 0 to 1; arguments as in `scored_bucket`."""
    score, residuals = _ratio(np.asarray(points, dtype=float), np.asarray(out_of, dtype=float))
    variance = float((residuals**2).sum())
    answers = score * (1 - score) / variance if variance > 0 else float(np.count_nonzero(out_of))
    width = 1.96**2 / answers
    middle = (score + width / 2) / (1 + width)
    margin = sqrt(score * (1 - score) * width + width**2 / 4) / (1 + width)
    return Bucket(name, size, score, max(0.0, middle - margin), min(1.0, middle + margin))


def length_buckets(
    lengths: Sequence[int],
    points: Sequence[float],
    *,
    out_of: Sequence[float] | None = None,
    max_buckets: int = 6,
    lowest: float = 0.0,
) -> list[Bucket]:
    """Cut the rows into buckets of about equal size by length, and score each.

    Args:
        lengths: (rows,) input length in tokens.
        points: (rows,) what each row earned.
        out_of: (rows,) what it could have earned; 1 each if not given, which makes the score a mean.
        max_buckets: fewer come out where many rows share a length.
        lowest: the lowest that a score can be.
    """
    length, point = np.asarray(lengths), np.asarray(points, dtype=float)
    weight = np.ones(len(point)) if out_of is None else np.asarray(out_of, dtype=float)
    if not len(length):
        return []
    cuts = np.quantile(length, np.linspace(0, 1, max_buckets + 1)[1:-1], method="lower")
    which = np.searchsorted(np.unique(cuts), length, side="left")
    buckets = []
    for bucket in np.unique(which):
        rows = which == bucket
        if weight[rows].sum():
            low, high = int(length[rows].min()), int(length[rows].max())
            name = f"{low}–{high}" if low < high else str(low)
            buckets.append(scored_bucket(name, int(rows.sum()), point[rows], weight[rows], lowest=lowest))
    return buckets


def _ratio(points: NDArray[np.float64], out_of: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """The ratio of the sums, and by how much each row moves it."""
    total = out_of.sum()
    score = points.sum() / total
    return float(score), (points - score * out_of) / total
