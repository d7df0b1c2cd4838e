"""Where a run gains on the baseline and where it loses: by length, by label, on words that are rare in training.

What a row earns depends on the kind of answer: right labels or tags, chrF, or, with a minus, edits, errors and nats. So
a gain is above 0 where the run is better, whatever is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqtasks.metrics import classification, tagging
from seqtasks.metrics.bootstrap import resampled_totals
from seqtasks.metrics.counts import precision_recall_f1
from seqtasks.report.analysis import TagAccuracy, sentence_scores, tag_accuracy
from seqtasks.report.answers.answers import is_picture
from seqtasks.report.answers.symbols import spelling
from seqtasks.report.buckets import Bucket, length_buckets, scored_bucket
from seqtasks.report.frequency import FREQUENCIES, word_tally
from seqtasks.report.predictions import (
    ForecastPrediction,
    LabelPrediction,
    LikelihoodPrediction,
    NumberPrediction,
    Prediction,
    SymbolPrediction,
    TagPrediction,
    TextPrediction,
    TunePrediction,
)
from seqtasks.report.run_files import Run


@dataclass(frozen=True)
class Earnings:
    """What each row of a run earned.

    Attributes:
        points: `(rows,)`; more is better.
        out_of: what they are divided by, `(rows,)`.
        title: of points / out_of, for people.
        scale: what that is multiplied by when shown.
    """

    points: list[float]
    out_of: list[float]
    title: str
    scale: float = 1.0


@dataclass(frozen=True)
class LabelGain:
    """A label's F1 in the baseline and in a run, 0 to 1, and the difference with its 95% interval."""

    label: str
    support: int
    baseline: float
    system: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        """The difference."""
        return self.system - self.baseline

    @property
    def is_clear(self) -> bool:
        """Whether the interval is without 0."""
        return not self.low <= 0 <= self.high


def earnings(rows: Sequence[Any]) -> Earnings:
    """What rows of one kind earn."""
    ones = [1.0] * len(rows)
    match rows[0]:
        case LabelPrediction():
            return Earnings([float(row.reference == row.prediction) for row in rows], ones, "points of accuracy", 100)
        case TagPrediction():
            right = [float(sum(map(str.__eq__, row.reference, row.prediction))) for row in rows]
            return Earnings(right, [float(len(row.reference)) for row in rows], "points of accuracy", 100)
        case SymbolPrediction():
            spellings = [spelling(row) for row in rows]
            lengths = [float(max(1, each.length)) for each in spellings]
            return Earnings(
                [-float(each.distance) for each in spellings], lengths, "fewer wrong symbols, in points", 100
            )
        case TunePrediction():
            lengths = [len(row.reference[0]) + 1.0 for row in rows]
            return Earnings([-row.nats / float(np.log(2)) for row in rows], lengths, "fewer bits a character")
        case TextPrediction():
            return Earnings(sentence_scores(rows), ones, "sentence chrF")
        case LikelihoodPrediction():
            return Earnings(
                [-row.prediction for row in rows], [len(row.input.split()) + 1.0 for row in rows], "fewer nats a word"
            )
        case NumberPrediction() | ForecastPrediction():
            errors = [np.abs(np.ravel(row.reference) - np.ravel(row.prediction)).mean() for row in rows]
            return Earnings([-float(error) for error in errors], ones, "smaller mean absolute error")
    raise TypeError(f"{type(rows[0]).__name__}: expected a prediction")


def row_length(row: Prediction) -> tuple[int, str]:
    """How long a row is, however a run cuts it into tokens, and what was counted."""
    if isinstance(row, TextPrediction) and (
        isinstance(row, SymbolPrediction) or is_picture(row.input) or "=" in row.input
    ):
        return len(row.reference[0].split()), "words of the reference"
    if isinstance(row, TagPrediction):
        return len(row.reference), "words" if row.words else "frames"
    if isinstance(row.input, str) and not is_picture(row.input):
        return len(row.input.split()), "words"
    return row.length, "frames"


def gains_by_length(baseline: Earnings, system: Earnings, lengths: Sequence[int]) -> list[Bucket]:
    """The gain for rows of different lengths, in the unit that is shown, with 95% intervals."""
    gained = [baseline.scale * (b - a) for a, b in zip(baseline.points, system.points, strict=True)]
    return length_buckets(lengths, gained, out_of=baseline.out_of, lowest=-np.inf)


def gains_by_frequency(baseline: Run, system: Run) -> list[Bucket]:
    """The gain on words by how often training has them, in points, where both runs know the same counts."""
    if baseline.frequencies != system.frequencies:
        return []
    first, second = word_tally(baseline), word_tally(system)
    if first is None or second is None:
        return []
    found = []
    for place, name in enumerate(FREQUENCIES):
        (points, out_of), (before, before_of) = second.column(place), first.column(place)
        if out_of.any() and before_of.any():
            minus, size = (100 * before, before_of), int(first.sizes[place])
            found.append(scored_bucket(name, size, 100 * points, out_of, lowest=-np.inf, minus=minus))
    return found


def gains_by_label(baseline: Sequence[Any], system: Sequence[Any]) -> list[LabelGain]:
    """The gain in F1 of each label, tag or type of span that the references hold, the most frequent first."""
    (first, labels), (second, others) = _label_counts(baseline), _label_counts(system)
    found = []
    for label in labels:
        if label not in others:
            continue
        pair = [counts[:, names.index(label) :: len(names)] for counts, names in ((first, labels), (second, others))]
        totals = [counts.sum(axis=0) for counts in pair]
        if not totals[0][2]:
            continue
        before, after = (float(precision_recall_f1(total)[2][0]) for total in totals)
        sampled = [precision_recall_f1(resampled_totals(counts))[2][:, 0] for counts in pair]
        low, high = np.percentile(sampled[1] - sampled[0], [2.5, 97.5])
        found.append(LabelGain(label, int(totals[0][2]), before, after, low=float(low), high=float(high)))
    return sorted(found, key=lambda gain: -gain.support)


def gains_by_novelty(
    baseline: Sequence[TagPrediction], system: Sequence[TagPrediction]
) -> list[tuple[TagAccuracy, TagAccuracy]]:
    """Accuracy over words that training held and over those it lacked, where both runs know the same words."""
    if [row.unknown for row in baseline] != [row.unknown for row in system]:
        return []
    pairs = list(zip(tag_accuracy(baseline), tag_accuracy(system), strict=True))
    return pairs if len(pairs) > 1 else []


def _label_counts(rows: Sequence[Any]) -> tuple[np.ndarray, list[str]]:
    references, predictions = [row.reference for row in rows], [row.prediction for row in rows]
    if isinstance(rows[0], TagPrediction):
        return tagging.per_label_counts(references, predictions)
    labels = sorted({*references, *predictions})
    return classification.per_label_counts(references, predictions, labels=labels), labels
