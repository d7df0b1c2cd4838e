"""Rows that two runs answer differently: how many go which way, and the ones where most is gained or lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seqtasks.compare.gains import Earnings
from seqtasks.report.examples import Piece, word_differences
from seqtasks.report.predictions import LabelPrediction, Prediction, SymbolPrediction, TagPrediction, TextPrediction

NUM_CHANGES = 8


@dataclass(frozen=True)
class Agreement:
    """How often both runs are right, only the baseline, only the other, or neither.

    Attributes:
        what: is right or wrong.
        both, baseline, system, neither: how often.
    """

    what: str
    both: int
    baseline: int
    system: int
    neither: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.both + self.baseline + self.system + self.neither


@dataclass(frozen=True)
class Change:
    """A row and what the run gained there; below 0 the baseline was better.

    Attributes:
        first, second: the baseline's row and the run's.
        gain: in the unit that is shown.
        first_answer, second_answer: texts, with the words marked that the other lacks.
    """

    first: Prediction
    second: Prediction
    gain: float
    first_answer: list[Piece]
    second_answer: list[Piece]


def agreement(baseline: Sequence[Any], system: Sequence[Any]) -> Agreement | None:
    """Count rights and wrongs of labels, tags and symbol texts; None for answers that are neither."""
    pairs: list[tuple[bool, bool]] = []
    what = "rows"
    for first, second in zip(baseline, system, strict=True):
        if isinstance(first, TagPrediction):
            what = "tags"
            columns = zip(first.reference, first.prediction, second.prediction, strict=True)
            pairs += [(reference == a, reference == b) for reference, a, b in columns]
        elif isinstance(first, LabelPrediction):
            pairs.append((first.reference == first.prediction, first.reference == second.prediction))
        elif isinstance(first, SymbolPrediction):
            what = "words without an error"
            pairs.append((first.prediction in first.reference, second.prediction in first.reference))
        else:
            return None
    counts = [pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))]
    return Agreement(what, *counts)


def changes(
    baseline: Sequence[Prediction], system: Sequence[Prediction], earned: tuple[Earnings, Earnings]
) -> tuple[list[Change], list[Change]]:
    """The rows where most is gained, and those where most is lost; among equals the surest answers first."""
    gains = [b - a for a, b in zip(earned[0].points, earned[1].points, strict=True)]
    scale = earned[0].scale if isinstance(baseline[0], LabelPrediction) else 1.0
    rows = list(zip(baseline, system, gains, strict=True))
    better = sorted((row for row in rows if row[2] > 0), key=lambda row: (-row[2], -_sureness(row[1])))
    worse = sorted((row for row in rows if row[2] < 0), key=lambda row: (row[2], -_sureness(row[0])))
    return (
        [_change(first, second, scale * gain) for first, second, gain in better[:NUM_CHANGES]],
        [_change(first, second, scale * gain) for first, second, gain in worse[:NUM_CHANGES]],
    )


def _sureness(row: Prediction) -> float:
    return row.probability if isinstance(row, LabelPrediction) else -float(row.length)


def _change(first: Prediction, second: Prediction, gain: float) -> Change:
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    if isinstance(first, TextPrediction) and isinstance(second, TextPrediction):
        texts = first.prediction, second.prediction
        pieces = word_differences(*texts), word_differences(*texts[::-1])
    return Change(first, second, gain, *pieces)
