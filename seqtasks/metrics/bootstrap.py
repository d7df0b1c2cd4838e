"""How far a score would move on another test set of the same kind: the percentile bootstrap.

The examples of the test set are drawn again with replacement, as many as there are, and scored anew; the middle
95% of these scores is the interval. Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap",
chapter 13; for translation, Koehn 2004 (W04-3250). Metrics hand in what each example adds to the score's counts
(its sufficient statistics), so a resample costs one product and no text is read twice.
"""

from collections.abc import Callable

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
    examples = len(statistics)
    if not examples:
        raise DataError("bootstrap: no examples were given; a score needs at least one; check the split")
    generator = np.random.default_rng(seed)
    statistics = np.asarray(statistics, dtype=np.float64)
    totals = np.empty((samples, statistics.shape[1]))
    for sample in range(samples):  # one at a time: all draws at once would take samples x examples of memory
        drawn = np.bincount(generator.integers(examples, size=examples), minlength=examples)
        totals[sample] = drawn.astype(np.float64) @ statistics
    low, high = np.percentile(score(totals), [2.5, 97.5])
    return float(low), float(high)


def score_from_counts(
    name: str,
    statistics: np.ndarray,
    score: Callable[[np.ndarray], np.ndarray],
    *,
    signature: str,
    support: str,
    intervals: bool,
    unit: str = "0-1",
    higher_is_better: bool = True,
) -> Score:
    """A `Score` with its interval.

    Args:
        name: the score's name.
        statistics: what each example adds to the counts, `(examples, k)`.
        score: counts summed over examples, `(..., k)`, to scores `(...)`.
        signature: what is computed; the resamples and the seed of an interval are appended to it.
        support: what was counted, such as `9,100 tokens`.
        intervals: whether to resample for an interval.
        unit: of the score.
        higher_is_better: the direction of improvement.
    """
    low, high = bootstrap_interval(statistics, score) if intervals else (None, None)
    return Score(
        name=name,
        value=float(score(statistics.sum(axis=0))),
        unit=unit,
        higher_is_better=higher_is_better,
        signature=f"{signature}|bs:{SAMPLES}|seed:{SEED}" if intervals else signature,
        support=support,
        low=low,
        high=high,
    )
