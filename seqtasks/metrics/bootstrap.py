"""How far a score would move on another test set of the same kind: the percentile bootstrap.

The examples of the test set are drawn again with replacement, as many as there are, and scored anew; the middle
95% of these scores is the interval. Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap",
chapter 13; for translation, Koehn 2004 (W04-3250). Metrics hand in what each example adds to the score's counts
(its sufficient statistics), so a resample costs one product and no text is read twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqtasks.errors import DataError
from seqtasks.metrics.score import Score

SAMPLES = 1000
SEED = 12345
"""Resamples and seed of every interval; both are sacrebleu's, and both stand in each signature."""


def bootstrap_interval(
    statistics: np.ndarray,
    score: Callable[[np.ndarray], np.ndarray],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """The 95% percentile interval of `score` over resampled examples.

    Args:
        statistics: what each example adds to the counts, `(examples, k)`.
        score: counts summed over examples, `(..., k)`, to scores `(...)`.
        samples: number of resamples.
        seed: of the random draws.

    Returns:
        The 2.5th and the 97.5th percentile of the resampled scores.

    Raises:
        DataError: there are no examples.
    """
    low, high = np.percentile(score(resampled_totals(statistics, samples=samples, seed=seed)), [2.5, 97.5])
    return float(low), float(high)


def resampled_totals(statistics: np.ndarray, *, samples: int = SAMPLES, seed: int = SEED) -> np.ndarray:
    """The counts of test sets that are drawn again, `(samples, k)`.

    The draws depend on the number of examples and the seed alone: those of two models on the same examples are paired.

    Args:
        statistics: what each example adds to the counts, `(examples, k)`.
        samples: number of resamples.
        seed: of the random draws.

    Raises:
        DataError: there are no examples.
    """
    examples = len(statistics)
    if not examples:
        raise DataError("bootstrap: no examples were given; a score needs at least one; check the split")
    generator = np.random.default_rng(seed)
    statistics = np.asarray(statistics, dtype=np.float64)
    totals = np.empty((samples, statistics.shape[1]))
    for sample in range(samples):  # one at a time: all draws at once would take samples x examples of memory
        drawn = np.bincount(generator.integers(examples, size=examples), minlength=examples)
        totals[sample] = drawn.astype(np.float64) @ statistics
    return totals


@dataclass(frozen=True)
class ScoreStatistics:
    """A score before its examples are summed: what each one adds to the counts, and what counts make of them.

    Attributes:
        name: the score's name.
        counts: what each example adds, `(examples, k)`.
        formula: counts summed over examples, `(..., k)`, to scores `(...)`.
        signature: what is computed; the resamples and the seed of an interval are appended to it.
        support: what was counted, such as `9,100 tokens`.
        unit: of the score.
        higher_is_better: the direction of improvement.
    """

    name: str
    counts: np.ndarray
    formula: Callable[[np.ndarray], np.ndarray]
    signature: str
    support: str
    unit: str = "0-1"
    higher_is_better: bool = True

    @property
    def value(self) -> float:
        """The score of all examples."""
        return float(self.formula(self.counts.sum(axis=0)))

    def to_score(self, *, intervals: bool) -> Score:
        """The score, with its interval if asked for."""
        low, high = bootstrap_interval(self.counts, self.formula) if intervals else (None, None)
        return Score(
            name=self.name,
            value=self.value,
            unit=self.unit,
            higher_is_better=self.higher_is_better,
            signature=f"{self.signature}|bs:{SAMPLES}|seed:{SEED}" if intervals else self.signature,
            support=self.support,
            low=low,
            high=high,
        )
