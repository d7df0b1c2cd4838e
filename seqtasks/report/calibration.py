"""Calibration: whether answers given with a probability of 80% are right in 80% of cases.

Reliability diagram and expected calibration error as in Guo et al. 2017, On Calibration of Modern Neural Networks
(arXiv:1706.04599): probabilities in bins of equal width, the error is the mean distance between a bin's mean
probability and its share of right answers, weighted by its answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from seqtasks.report.buckets import share_bucket
from seqtasks.report.predictions import LabelPrediction, TagPrediction

NUM_BINS = 10


@dataclass(frozen=True)
class ConfidenceBin:
    """The answers that were given with a probability from `low` to `high`.

    Attributes:
        low, high: the edges; `high` is included.
        answers: how many.
        confidence: their mean probability.
        accuracy: the share of them that is right.
        lower, upper: its 95% interval, over rows (`buckets.share_bucket`).
    """

    low: float
    high: float
    answers: int
    confidence: float
    accuracy: float
    lower: float
    upper: float


def confidence_bins(rows: Iterable[LabelPrediction | TagPrediction]) -> list[ConfidenceBin]:
    """The bins that hold answers, from the least probable on.

    Args:
        rows: each label, and each tag of a row that holds probabilities, is an answer.
    """
    members: dict[int, list[tuple[int, float, bool]]] = {}
    for place, row in enumerate(rows):
        for probability, right in _answers(row):
            index = min(NUM_BINS - 1, max(0, -int(-probability * NUM_BINS // 1) - 1))
            members.setdefault(index, []).append((place, probability, right))
    return [_bin(index, members[index]) for index in sorted(members)]


def _answers(row: LabelPrediction | TagPrediction) -> Iterator[tuple[float, bool]]:
    """The probability of each answer, and whether it is right."""
    if isinstance(row, LabelPrediction):
        yield row.probability, row.reference == row.prediction
    else:
        for probability, tag, guess in zip(row.probability or [], row.reference, row.prediction, strict=False):
            yield probability, tag == guess


def _bin(index: int, members: Sequence[tuple[int, float, bool]]) -> ConfidenceBin:
    places, probabilities, right = (np.array(column) for column in zip(*members, strict=True))
    found = share_bucket("", len(members), np.bincount(places, weights=right), np.bincount(places))
    edges = index / NUM_BINS, (index + 1) / NUM_BINS
    return ConfidenceBin(*edges, len(members), float(probabilities.mean()), found.score, found.lower, found.upper)


def calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """The expected calibration error, 0 to 1."""
    answers = sum(each.answers for each in bins)
    return sum(each.answers * abs(each.confidence - each.accuracy) for each in bins) / answers


def calibration(bins: Sequence[ConfidenceBin]) -> dict[str, Any]:
    """What `calibration.html.j2` is filled with."""
    surer = sum(each.answers * (each.confidence - each.accuracy) for each in bins) > 0
    return {"calibration_error": calibration_error(bins), "surer": surer}


def reliability_diagram(bins: Sequence[ConfidenceBin]) -> Any:
    """Share of right answers over their mean probability, a dot a bin; on the diagonal both are equal."""
    rows = [
        {
            "probability": f"{100 * each.low:.0f}–{100 * each.high:.0f}%",
            "answers": each.answers,
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
        alt.Tooltip("answers:Q", format=","),
        *(alt.Tooltip(f"{name}:Q", title=title, format=".1f") for name, title in _SHOWN.items()),
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, tooltip=tooltip)
    ends = [{"mean": 0, "low": 0}, {"mean": 100, "low": 100}]
    diagonal = alt.Chart(alt.Data(values=ends)).mark_line(strokeWidth=1, strokeDash=[4, 4], color="gray")
    intervals = base.mark_rule(strokeWidth=2).encode(y=y, y2="high:Q")
    points = base.mark_circle(size=90, opacity=1).encode(y="right:Q")
    return alt.layer(diagonal.encode(x=x, y=y), intervals, points).properties(height=260)


_SHOWN = {"mean": "mean probability, %", "right": "% right", "low": "95% from", "high": "to"}
