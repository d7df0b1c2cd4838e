import math

import numpy as np
import pytest

from seqtasks.errors import DataError
from seqtasks.tasks.baselines import NGramModel

VOCABULARY = 5
END = 4
SEQUENCES = [[0, 1, 2, END], [0, 1, 1, END], [2, 0, 1, 2, END], [3, END], [END]]


def kneser_ney(context, word, *, order):
    """P(word | context) from the formula, over sets and lists of tuples."""
    padded = [[None] * (order - 1) + sequence for sequence in SEQUENCES]
    grams = [
        tuple(sequence[end - order : end]) for sequence in padded for end in range(order, len(sequence) + 1)
    ]  # of the highest order, as often as they occur

    def probability(history, length, grams):
        counts = {gram: grams.count(gram) for gram in grams}
        once, twice = (sum(count == times for count in counts.values()) for times in (1, 2))
        discount = once / (once + 2 * twice) if once else 0.5
        after = {gram: count for gram, count in counts.items() if gram[:-1] == history}
        if length > 1:
            lower = probability(history[1:], length - 1, [gram[1:] for gram in set(grams)])
        else:
            lower = 1 / VOCABULARY
        if not after:
            return lower
        total = sum(after.values())
        return (max(after.get((*history, word), 0) - discount, 0) + discount * len(after) * lower) / total

    history = ([None] * (order - 1) + list(context))[len(context) :]
    return probability(tuple(history), order, grams)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_probabilities_are_those_of_the_formula(order):
    model = NGramModel(SEQUENCES, vocab_size=VOCABULARY, order=order)
    for text in ([0, 1, 2, END], [3, 3, 0, 1, 1], [1]):
        expected = [math.log(kneser_ney(text[:place], word, order=order)) for place, word in enumerate(text)]
        np.testing.assert_allclose(model.log_probs(text), expected)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_each_context_has_a_distribution(order):
    model = NGramModel(SEQUENCES, vocab_size=VOCABULARY, order=order)
    for context in ([], [0], [0, 1], [3, 3], [2, 0, 1], [4, 4, 4]):
        distribution = model.distribution(context)
        assert distribution.sum() == pytest.approx(1)
        assert distribution.min() > 0
        scored = [model.log_probs([*context, word])[-1] for word in range(VOCABULARY)]
        np.testing.assert_allclose(np.log(distribution), scored)


def test_samples_follow_the_distribution_and_end():
    model = NGramModel([[0, 1, 2, END]] * 50, vocab_size=VOCABULARY)
    generator = np.random.default_rng(0)
    drawn = [tuple(model.sample(generator, end=END, max_length=10)) for _ in range(200)]
    assert drawn.count((0, 1, 2)) > 100
    assert all(END not in text and len(text) <= 10 for text in drawn)
    assert model.sample(np.random.default_rng(1), end=END, max_length=10, prefix=[0, 1]) == [2]
    assert model.sample(generator, end=END, max_length=0) == []
    assert drawn[:3] == [
        tuple(model.sample(again, end=END, max_length=10)) for again in [np.random.default_rng(0)] for _ in range(3)
    ]


def test_texts_of_the_training_kind_are_likelier():
    model = NGramModel(np.arange(400).reshape(100, 4) % 4, vocab_size=VOCABULARY)
    assert model.log_probs([0, 1, 2, 3]).sum() > model.log_probs([3, 2, 1, 0]).sum()
    assert model.log_probs([]).shape == (0,)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(DataError, match="no training rows"):
        NGramModel([], vocab_size=3)
    with pytest.raises(DataError, match="no training rows"):
        NGramModel([[], []], vocab_size=3)
    with pytest.raises(DataError, match="id 3 was given"):
        NGramModel([[0, 3]], vocab_size=3)
    with pytest.raises(ValueError, match="lower the order"):
        NGramModel([[0]], vocab_size=100_000, order=4)
