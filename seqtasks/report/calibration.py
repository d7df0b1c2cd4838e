"""Calibration: whether answers given with a probability of 80% are right in 80% of cases.

Reliability diagram and expected calibration error as in Guo et al. 2017, On Calibration of Modern Neural Networks
(arXiv:1706.04599): probabilities in bins of equal width, the error is the mean distance between a bin's mean
probability and its share of right answers, weighted by its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import altair as alt

from seqtasks.report.predictions import LabelPrediction

NUM_BINS = 10
_Z = 1.96


@dataclass(frozen=True)
class ConfidenceBin:
    """The rows answered with a probability from `low` to `high`.

    Attributes:
        low, high: the edges; `high` is included.
        rows: how many.
        confidence: the mean probability of their answers.
        accuracy: the share of them that is right.
        lower, upper: its 95% interval (Wilson 1927).
    """

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float
    lower: float
    upper: float


def confidence_bins(rows: Sequence[LabelPrediction]) -> list[ConfidenceBin]:
    """The bins that hold rows, from the least probable on."""
    members: dict[int, list[LabelPrediction]] = {}
    for row in rows:
        index = min(NUM_BINS - 1, max(0, -int(-row.probability * NUM_BINS // 1) - 1))
        members.setdefault(index, []).append(row)
    return [_bin(index, members[index]) for index in sorted(members)]


def _bin(index: int, rows: Sequence[LabelPrediction]) -> ConfidenceBin:
    count = len(rows)
    confidence = sum(row.probability for row in rows) / count
    share = sum(row.reference == row.prediction for row in rows) / count
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    reach = _Z / (1 + _Z**2 / count) * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    edges = index / NUM_BINS, (index + 1) / NUM_BINS
    return ConfidenceBin(*edges, count, confidence, share, max(0.0, middle - reach), min(1.0, middle + reach))


def calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """The expected calibration error, 0 to 1."""
    rows = sum(each.rows for each in bins)
    return sum(each.rows * abs(each.confidence - each.accuracy) for each in bins) / rows


def reliability_diagram(bins: Sequence[ConfidenceBin]) -> Any:
    """Share of right answers over their mean probability, a dot a bin; on the diagonal both are equal."""
    rows = [
        {
            "probability": f"{100 * each.low:.0f}–{100 * each.high:.0f}%",
            "rows": each.rows,
            "mean": 100 * each.confidence,
            "right": 100 * each.accuracy,
            "low": 100 * each.lower,
            "high": 100 * each.upper,
        }
        for each in bins
    ]
    share = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("mean:Q", title="probability of the answer, %", scale=share, axis=alt.Axis(tickCount=5))
    y = alt.Y("low:Q", title="% of answers right", scale=share, axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("probability:N"),
        alt.Tooltip("rows:Q", format=","),
        *(alt.Tooltip(f"{name}:Q", title=title, format=".1f") for name, title in _SHOWN.items()),
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, tooltip=tooltip)
    ends = [{"mean": 0, "low": 0}, {"mean": 100, "low": 100}]
    diagonal = alt.Chart(alt.Data(values=ends)).mark_line(strokeWidth=1, strokeDash=[4, 4], color="gray")
    intervals = base.mark_rule(strokeWidth=2).encode(y=y, y2="high:Q")
    points = base.mark_circle(size=90, opacity=1).encode(y="right:Q")
    return alt.layer(diagonal.encode(x=x, y=y), intervals, points).properties(height=260)


_SHOWN = {"mean": "mean probability, %", "right": "% right", "low": "95% from", "high": "to"}
