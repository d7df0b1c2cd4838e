import numpy as np
import pytest

from seqtasks.report.buckets import length_buckets, scored_bucket, share_bucket


def test_length_buckets_hold_every_row_once_and_score_by_ratio() -> None:
    lengths = [1, 1, 1, 2, 5, 9, 9, 30]
    right = [1.0, 0.0, 1.0, 2.0, 4.0, 9.0, 0.0, 15.0]
    buckets = length_buckets(lengths, right, out_of=lengths, max_buckets=3)
    assert sum(bucket.size for bucket in buckets) == len(lengths)
    assert [bucket.name for bucket in buckets] == ["1", "2–5", "9–30"]
    assert [bucket.score for bucket in buckets] == pytest.approx([2 / 3, 6 / 7, 24 / 48])
    assert all(bucket.lower <= bucket.score <= bucket.upper for bucket in buckets)


def test_the_interval_of_a_bucket_is_that_of_a_resampled_ratio() -> None:
    rng = np.random.default_rng(0)
    total = rng.integers(5, 20, 400).astype(float)
    right = rng.binomial(total.astype(int), 0.8).astype(float)
    [bucket] = length_buckets([3] * 400, right.tolist(), out_of=total.tolist())
    draws = rng.integers(400, size=(2000, 400))
    resampled = right[draws].sum(1) / total[draws].sum(1)
    assert (bucket.lower, bucket.upper) == pytest.approx(np.quantile(resampled, [0.025, 0.975]).tolist(), abs=1.2e-3)


def test_the_interval_of_a_difference_is_that_of_paired_resamples() -> None:
    rng = np.random.default_rng(0)
    total, others = (rng.integers(5, 20, 400).astype(float) for _ in range(2))
    right = rng.binomial(total.astype(int), 0.8).astype(float)
    wrong = rng.binomial(others.astype(int), 0.6).astype(float)
    bucket = scored_bucket("", 400, right, total, minus=(wrong, others))
    draws = rng.integers(400, size=(2000, 400))
    resampled = right[draws].sum(1) / total[draws].sum(1) - wrong[draws].sum(1) / others[draws].sum(1)
    assert bucket.score == pytest.approx(right.sum() / total.sum() - wrong.sum() / others.sum())
    assert (bucket.lower, bucket.upper) == pytest.approx(np.quantile(resampled, [0.025, 0.975]).tolist(), abs=3e-3)


def test_the_interval_of_a_share_is_wilsons_for_rows_of_one_answer():
    """8 right among 10: 0.4902 to 0.9433 by statsmodels; 6 among 6 leave room for doubt."""
    found = share_bucket("", 10, [1] * 8 + [0] * 2, [1] * 10)
    assert (found.lower, found.upper) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    sure = share_bucket("", 6, [1] * 6, [1] * 6)
    assert (sure.lower, sure.upper) == pytest.approx((6 / (6 + 1.96**2), 1.0))


def test_answers_of_a_row_that_fail_together_count_as_one():
    together = share_bucket("", 100, [10] * 8 + [0] * 2, [10] * 10)
    alone = share_bucket("", 10, [1] * 8 + [0] * 2, [1] * 10)
    assert (together.lower, together.upper) == pytest.approx((alone.lower, alone.upper))
