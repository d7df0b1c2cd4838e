"""The tests against enumeration, scipy and sacrebleu."""

from itertools import product

import numpy as np
import pytest
from sacrebleu.metrics import BLEU
from sacrebleu.significance import PairedTest
from scipy import stats

from seqtasks.compare.significance import holm, paired_difference, randomisation_p_value
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.classification import classification_statistics
from seqtasks.metrics.counts import share
from seqtasks.metrics.text_pairs import text_statistics


def a_mean(values: np.ndarray, *, higher_is_better: bool = True) -> ScoreStatistics:
    counts = np.stack([values, np.ones(len(values))], axis=1)
    return ScoreStatistics("mean", counts, share, "mean", "rows", higher_is_better=higher_is_better)


def test_randomisation_is_the_exact_test_of_all_swaps():
    first, second = np.array([1.0, 4, 2, 7, 3, 5, 2, 2]), np.array([2.0, 6, 2, 9, 4, 4, 3, 5])
    observed = abs((second - first).mean())
    swaps = [abs((signs * (second - first)).mean()) for signs in product([1, -1], repeat=8)]
    exact = np.mean([swap >= observed - 1e-12 for swap in swaps])
    assert 0.01 < exact < 0.2
    assert randomisation_p_value(a_mean(first), a_mean(second)) == pytest.approx(exact, abs=0.01)


def test_of_labels_it_is_the_exact_mcnemar_test():
    references = ["a"] * 60
    only_first, only_second = 9, 2  # rows that one alone has right: ties abound
    first = ["a"] * only_first + ["b"] * only_second + ["a"] * 49
    second = ["b"] * only_first + ["a"] * only_second + ["a"] * 49
    pair = [classification_statistics(references, each, labels=["a", "b"])[0] for each in (first, second)]
    expected = stats.binomtest(only_second, only_first + only_second).pvalue
    assert paired_difference(*pair).p_randomisation == pytest.approx(expected, abs=0.01)


def test_interval_effect_and_bootstrap_are_those_of_the_paired_t_test():
    generator = np.random.default_rng(1)
    first = generator.normal(size=400)
    second = first + generator.normal(0.15, 1.0, size=400)
    found = paired_difference(a_mean(first), a_mean(second))
    gains = second - first
    theirs = stats.ttest_rel(second, first)
    interval = theirs.confidence_interval(0.95)
    assert found.value == pytest.approx(gains.mean())
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=0.02)
    assert found.effect_size == pytest.approx(gains.mean() / gains.std(ddof=1), rel=0.1)
    assert found.p_bootstrap == pytest.approx(theirs.pvalue, abs=0.03)
    assert found.p_randomisation == pytest.approx(theirs.pvalue, abs=0.03)


def test_less_is_better_turns_the_effect_and_not_the_difference():
    first, second = np.arange(20.0), np.arange(20.0) - np.tile([1, 2], 10)
    found = paired_difference(a_mean(first, higher_is_better=False), a_mean(second, higher_is_better=False))
    assert found.value == pytest.approx(-1.5)
    assert found.is_better
    assert found.is_real
    assert found.effect_size is not None
    assert found.effect_size > 0


def test_equal_answers_are_not_a_difference():
    found = paired_difference(a_mean(np.arange(5.0)), a_mean(np.arange(5.0)))
    assert (found.value, found.p_randomisation, found.p_bootstrap, found.effect_size) == (0, 1, 1, None)
    assert not found.is_real


def test_bleu_takes_the_p_values_of_sacrebleu():
    references = [[f"the cat number {row} sat on the red mat today"] for row in range(40)]
    first = [f"the cat number {row} sat on a mat today" for row in range(40)]
    second = [f"the cat number {row} sat on {'the red' if row % 8 else 'my'} mat now" for row in range(40)]
    found = paired_difference(*(text_statistics(references, texts, metric="bleu") for texts in (first, second)))
    for kind, p in (("bs", found.p_bootstrap), ("ar", found.p_randomisation)):
        systems = [("first", first), ("second", second)]
        results = PairedTest(systems, {"BLEU": BLEU()}, [[texts[0] for texts in references]], test_type=kind)()[1]
        assert p == results["BLEU"][1].p_value
    scores = [BLEU().corpus_score(texts, [[row[0] for row in references]]).score for texts in (first, second)]
    assert found.value == pytest.approx(scores[1] - scores[0])
    assert found.low < found.value < found.high


def test_holm_by_hand():
    # Sorted 0.01, 0.02, 0.03, 0.2: times 4, 3, 2, 1; 0.06 stays where 2 x 0.03 would be no less.
    assert holm([0.03, 0.01, 0.2, 0.02]) == pytest.approx([0.06, 0.04, 0.2, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
