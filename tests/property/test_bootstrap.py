import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqtasks.errors import DataError
from seqtasks.metrics.bootstrap import bootstrap_interval
from seqtasks.metrics.counts import share


def counts(examples):
    return arrays(np.int64, (examples, 2), elements=st.integers(0, 9)).map(np.sort)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40).flatmap(counts), st.integers(0, 99))
def test_equals_scoring_every_resample_by_itself(statistics, seed):
    generator = np.random.default_rng(seed)
    drawn = [statistics[generator.integers(len(statistics), size=len(statistics))] for _ in range(50)]
    expected = np.percentile([share(rows.sum(axis=0)) for rows in drawn], [2.5, 97.5])
    assert bootstrap_interval(statistics, share, samples=50, seed=seed) == pytest.approx(tuple(expected))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.integers(6, 9), st.integers(1, 30))
def test_equal_examples_leave_nothing_to_chance(correct, total, examples):
    low, high = bootstrap_interval(np.tile([correct, total], (examples, 1)), share, samples=20)
    assert low == high == pytest.approx(correct / total)


def test_width_is_that_of_the_normal_approximation():
    hits = np.arange(1000) % 10 < 7
    low, high = bootstrap_interval(np.stack([hits, np.ones(1000)], axis=1), share)
    half = 1.96 * np.sqrt(0.7 * 0.3 / 1000)
    assert (low, high) == pytest.approx((0.7 - half, 0.7 + half), abs=0.004)


def test_no_examples_are_refused():
    with pytest.raises(DataError, match="no examples"):
        bootstrap_interval(np.empty((0, 2)), share)
