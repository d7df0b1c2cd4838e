"""Whether a difference between two runs is more than chance: paired tests on what each row adds to a score.

- Paired bootstrap (Efron and Tibshirani 1993; for translation Koehn 2004, W04-3250): the rows are drawn again with
  replacement, the same ones for both runs. The middle 95% of the differences are the interval.
- Approximate randomisation (Noreen 1989; Riezler and Maxwell 2005, W05-0908): were the runs alike, their answers to a
  row could be swapped. The p-value is the share of random swaps whose difference is at least as large as the real one.
- Holm's step-down correction (Holm 1979) for several pairs.

BLEU, chrF and TER take both p-values from sacrebleu's own tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from seqtasks.metrics.bootstrap import SEED, ScoreStatistics, resampled_totals
from seqtasks.metrics.text import TextMetric
from seqtasks.metrics.text_pairs import paired_text_tests

TRIALS = 10_000
LEVEL = 0.05
"""A difference with a p-value below this one is called real."""

_TEXT_METRICS: tuple[TextMetric, ...] = get_args(TextMetric)
_CHUNK = 2**21
"""How many swaps are drawn at a time; 16 MB."""


@dataclass(frozen=True)
class Difference:
    """A run's score minus the baseline's.

    Attributes:
        value: the difference, in the score's unit.
        low, high: its 95% interval by paired bootstrap.
        p_bootstrap, p_randomisation: of the two tests, for this pair alone.
        p_holm: `p_randomisation`, corrected for the number of pairs.
        effect_size: Cohen's d of paired rows, the difference in standard deviations of what a row adds to it; above 0
            is better, whatever the score's direction. None where no row differs.
        is_better: whether the value lies on the better side of 0.
    """

    value: float
    low: float
    high: float
    p_bootstrap: float
    p_randomisation: float
    p_holm: float
    effect_size: float | None
    is_better: bool

    @property
    def is_real(self) -> bool:
        """Whether both tests say so: a p-value below `LEVEL` after correction, and an interval without 0."""
        return self.p_holm < LEVEL and not self.low <= 0 <= self.high


def paired_difference(baseline: ScoreStatistics, system: ScoreStatistics) -> Difference:
    """Test the difference of one score between two runs on the same rows; `p_holm` is that of a single pair.

    The effect size is the difference divided by its standard error, from the bootstrap, and by the root of the number
    of rows. For a score that is a mean over rows this is Cohen's d of paired samples, mean / standard deviation.

    Args:
        baseline: the counts of one run's rows.
        system: those of the other's, of the same shape.
    """
    if np.array_equal(baseline.counts, system.counts):
        return Difference(0.0, 0.0, 0.0, 1.0, 1.0, 1.0, effect_size=None, is_better=False)
    value = system.value - baseline.value
    sampled = system.formula(resampled_totals(system.counts)) - baseline.formula(resampled_totals(baseline.counts))
    low, high = np.percentile(sampled, [2.5, 97.5])
    metric = next((name for name in _TEXT_METRICS if name == system.name), None)
    if metric:
        p_bootstrap, p_randomisation = paired_text_tests(metric, baseline.counts, system.counts)
    else:
        p_bootstrap, p_randomisation = shift_p_value(sampled, value), randomisation_p_value(baseline, system)
    gain = value if system.higher_is_better else -value
    error = float(sampled.std(ddof=1))
    return Difference(
        value=value,
        low=float(low),
        high=float(high),
        p_bootstrap=p_bootstrap,
        p_randomisation=p_randomisation,
        p_holm=p_randomisation,
        effect_size=gain / (error * float(np.sqrt(len(system.counts)))) if error > 0 else None,
        is_better=gain > 0,
    )


def shift_p_value(sampled: NDArray[np.float64], observed: float) -> float:
    """The two-sided p-value of the bootstrap: how often a resampled difference lies as far from their mean.

    Args:
        sampled: differences between the runs on resampled rows, `(samples,)`.
        observed: the difference on the rows themselves.
    """
    return _p_value(np.abs(sampled - sampled.mean()), abs(observed))


def randomisation_p_value(
    baseline: ScoreStatistics, system: ScoreStatistics, *, trials: int = TRIALS, seed: int = SEED
) -> float:
    """The two-sided p-value of approximate randomisation.

    Args:
        baseline: the counts of one run's rows.
        system: those of the other's, of the same shape.
        trials: how often the answers of random rows are swapped.
        seed: of the random draws.
    """
    differ = (baseline.counts != system.counts).any(axis=1)  # to swap equal rows changes nothing
    moved = (system.counts - baseline.counts)[differ].astype(np.float64)
    first, second = baseline.counts.sum(axis=0), system.counts.sum(axis=0)
    generator = np.random.default_rng(seed)
    size = max(1, _CHUNK // max(1, len(moved)))
    found = []
    for start in range(0, trials, size):
        swapped = generator.integers(2, size=(min(size, trials - start), len(moved))).astype(np.float64) @ moved
        found.append(np.abs(system.formula(second - swapped) - baseline.formula(first + swapped)))
    return _p_value(np.concatenate(found), abs(system.value - baseline.value))


def _p_value(differences: NDArray[np.float64], observed: float) -> float:
    """The share that is at least as large, the real difference counted among them (Phipson and Smyth 2010)."""
    # Sums in another order differ in their last digits, and must not break ties.
    extreme = int((differences >= observed - 1e-9 * max(1e-9, observed)).sum())
    return (1 + extreme) / (1 + len(differences))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's correction: the i-th smallest of m p-values times m + 1 - i, made monotone, at most 1."""
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted
