"""Several runs side by side: the scores of each, and of each score the difference to the first run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from seqtasks.compare.contestants import Contestant, read_contestants
from seqtasks.compare.recipes import RecipeDifference, SeedGroup, recipe_differences, seed_groups
from seqtasks.compare.significance import Difference, holm, paired_difference
from seqtasks.compare.statistics import mismatch, row_statistics
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.score import Score
from seqtasks.report.predictions import LabelPrediction, TagPrediction

OWN_UNITS = ("token_perplexity", "loss", "unknown_accuracy")
"""Scores over each run's own tokens or unknown words: they compare only where both count as many in each row."""


@dataclass(frozen=True)
class Tested:
    """One score of one run beside the baseline's: the difference, or why there is none."""

    difference: Difference | None
    reason: str = ""


@dataclass(frozen=True)
class ScoreLine:
    """One score of all runs.

    Attributes:
        name: of the score.
        scores: one for each run; None where a run lacks it.
        tests: one for each run but the first.
    """

    name: str
    scores: list[Score | None]
    tests: list[Tested]

    @property
    def kind(self) -> Score:
        """Any one of the scores, for unit and direction."""
        return next(score for score in self.scores if score)


@dataclass(frozen=True)
class Comparison:
    """What `seqtasks compare` finds out.

    Attributes:
        contestants: the runs, the baseline first.
        lines: their scores.
        primary: the name of the score that the runs are judged by.
        recipes: where their recipes differ.
        groups: runs of one recipe with several seeds, if there are any.
    """

    contestants: list[Contestant]
    lines: list[ScoreLine]
    primary: str
    recipes: list[RecipeDifference]
    groups: list[SeedGroup]

    @property
    def baseline(self) -> Contestant:
        """The first run."""
        return self.contestants[0]

    @property
    def rivals(self) -> list[Contestant]:
        """All other runs."""
        return self.contestants[1:]

    @property
    def main(self) -> ScoreLine:
        """The line of the primary score, or, if that is nowhere tested, the first one that is."""
        lines = sorted(self.lines, key=lambda line: line.name != self.primary)
        return next((line for line in lines if any(test.difference for test in line.tests)), lines[0])


def compare_runs(paths: Sequence[Path]) -> Comparison:
    """Compare run directories by their files.

    Args:
        paths: of two or more; the first one is the baseline.

    Raises:
        RunError: a run is missing or damaged, or the runs do not compare; see `read_contestants`.
    """
    contestants = read_contestants(paths)
    names = dict.fromkeys(score.name for each in contestants for score in each.run.scores.test.scores)
    labels = _labels(contestants)
    statistics = [row_statistics(each.run, each.path, labels=labels) for each in contestants]
    return Comparison(
        contestants=contestants,
        lines=[_line(name, contestants, [found.get(name) for found in statistics]) for name in names],
        primary=contestants[0].run.scores.primary,
        recipes=recipe_differences(contestants),
        groups=seed_groups(contestants),
    )


def _labels(contestants: Sequence[Contestant]) -> list[str]:
    """All labels that were learned, meant or given by any run."""
    found = {label for each in contestants for counts in (each.run.data.labels or {}).values() for label in counts}
    for each in contestants:
        for row in each.run.predictions:
            if isinstance(row, LabelPrediction):
                found |= {row.reference, row.prediction}
            elif isinstance(row, TagPrediction):
                found |= {*row.reference, *row.prediction}
    return sorted(found)


def _line(name: str, contestants: Sequence[Contestant], statistics: Sequence[ScoreStatistics | None]) -> ScoreLine:
    scores = [each.score(name) for each in contestants]
    tests = [
        _tested((scores[0], scores[place]), (statistics[0], statistics[place])) for place in range(1, len(contestants))
    ]
    corrected = iter(holm([test.difference.p_randomisation for test in tests if test.difference]))
    tests = [
        replace(test, difference=replace(test.difference, p_holm=next(corrected))) if test.difference else test
        for test in tests
    ]
    return ScoreLine(name, scores, tests)


def _tested(scores: tuple[Score | None, Score | None], pair: tuple[ScoreStatistics | None, ...]) -> Tested:
    reasons = [
        mismatch(score, found) if score else "one of the runs lacks it"
        for score, found in zip(scores, pair, strict=True)
    ]
    if reason := next(filter(None, reasons), ""):
        return Tested(None, reason)
    first, second = pair
    if first is None or second is None:
        raise TypeError("statistics are there wherever there is no reason against")
    if first.counts.shape != second.counts.shape or (
        first.name in OWN_UNITS and not np.array_equal(first.counts[:, 1], second.counts[:, 1])
    ):
        return Tested(None, "the runs count different words or tokens")
    return Tested(paired_difference(first, second))
