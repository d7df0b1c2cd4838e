import random

import numpy as np
import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.text import sentence_chrf
from seqtasks.tasks.baselines import (
    commonest_caption,
    copy_source,
    framewise_logistic_regression,
    last_value,
    mean_target,
    most_frequent_tag,
    nearest_image,
    nearest_image_label,
    pooled_statistics,
    seasonal_naive,
    tfidf_logistic_regression,
    translation_memory,
)


def test_logistic_regression_learns_a_word():
    texts = ["good film", "so good !", "bad film", "so bad !"] * 5
    labels = ["positive", "positive", "negative", "negative"] * 5
    assert tfidf_logistic_regression(texts, labels, ["a good one", "a bad one"]) == ["positive", "negative"]
    assert tfidf_logistic_regression(["a", "b"], ["only", "only"], ["c"]) == ["only"]


def recordings(*, rising):
    """Ramps of several lengths over the same values: only the first and the last frame tell up from down."""
    ramps = [np.linspace(0, 1, length)[:, None] for length in range(3, 9)]
    return ramps if rising else [ramp[::-1] for ramp in ramps]


def test_pooled_statistics_see_where_a_recording_begins_and_ends():
    train = recordings(rising=True) + recordings(rising=False)
    labels = ["up"] * 6 + ["down"] * 6
    assert pooled_statistics(train, labels, train[3:8]) == labels[3:8]
    assert pooled_statistics(train, ["up"] * 12, train[:2]) == ["up", "up"]
    assert pooled_statistics(train, labels, []) == []


def test_each_frame_is_tagged_by_itself():
    train, tags = [np.array([[0.0], [1.0], [9.0]]), np.array([[10.0]])], [["low", "low", "high"], ["high"]]
    test = [np.array([[8.0], [0.5]]), np.empty((0, 1)), np.array([[-3.0]])]
    assert framewise_logistic_regression(train, tags, test) == [["high", "low"], [], ["low"]]
    assert framewise_logistic_regression(train[1:], tags[1:], test) == [["high", "high"], [], ["high"]]
    assert framewise_logistic_regression(train, tags, []) == []


def test_tag_of_a_word_and_of_an_unknown_word():
    tokens = [["run", "run", "run", "the"], ["dog", "cat", "cow"]]
    tags = [["VERB", "NOUN", "VERB", "DET"], ["NOUN", "NOUN", "NOUN"]]
    assert most_frequent_tag(tokens, tags, [["the", "run"], [], ["xyz"]]) == [["DET", "VERB"], [], ["NOUN"]]


def test_commonest_caption():
    assert commonest_caption(["a", "b", "b"], 3) == ["b", "b", "b"]


def test_nearest_image_does_not_wrap_bytes():
    train = np.array([[[0, 0]], [[255, 255]], [[100, 90]]], dtype=np.uint8)
    test = np.array([[[250, 240]], [[0, 60]], [[120, 90]]], dtype=np.uint8)
    assert nearest_image(train, ["black", "white", "grey"], test) == ["white", "black", "grey"]
    assert nearest_image_label(train, ["0", "2", "1"], test) == ["2", "0", "1"]


def test_copy_source():
    assert copy_source(("a", "b")) == ["a", "b"]


def test_translation_memory_finds_the_highest_chrf():
    generator = random.Random(0)
    texts = ["".join(generator.choices("abcd e", k=generator.randint(1, 12))) for _ in range(200)]
    memory, queries = texts[:60], [*texts[60:], "", "aaaa aaaa"]
    found = translation_memory(memory, memory, queries)
    for query, source in zip(queries, found, strict=True):
        best = max(sentence_chrf([query], candidate) for candidate in memory)
        assert sentence_chrf([query], source) == pytest.approx(best, abs=1e-3)


def test_translation_memory_returns_the_first_target_of_equal_sources():
    sources, targets = ["Open the door", "Close it", "Open the door"], ["Ouvrez", "Fermez", "Ouvre"]
    assert translation_memory(sources, targets, ["Open the doors", "xyz", ""]) == ["Ouvrez", "Ouvrez", "Ouvrez"]
    assert translation_memory([""], ["vide"], [""]) == ["vide"]


def test_the_memory_is_searched_in_blocks():
    generator = random.Random(1)
    texts = ["".join(generator.choices("abcdefgh", k=generator.randint(3, 9))) for _ in range(300)]
    assert translation_memory(texts, texts, texts[::-1]) == texts[::-1]


def test_forecasts_repeat_the_last_value_or_the_last_season():
    contexts = np.arange(12.0).reshape(2, 3, 2)  # of two series
    assert last_value(contexts, 2).tolist() == [[[4, 5], [4, 5]], [[10, 11], [10, 11]]]
    assert seasonal_naive(contexts, 3, 2)[0].tolist() == [[2, 3], [4, 5], [2, 3]]
    assert mean_target(contexts, 4).tolist() == [[[3, 4], [5, 6], [7, 8]]] * 4
    with pytest.raises(DataError, match="season"):
        seasonal_naive(contexts, 3, 4)


@pytest.mark.parametrize(
    "baseline",
    [
        lambda: tfidf_logistic_regression([], [], ["a"]),
        lambda: most_frequent_tag([], [], [["a"]]),
        lambda: commonest_caption([], 1),
        lambda: nearest_image(np.empty((0, 2)), [], np.empty((1, 2))),
        lambda: translation_memory([], [], ["a"]),
        lambda: pooled_statistics([], [], []),
        lambda: framewise_logistic_regression([], [], []),
        lambda: mean_target(np.empty((0, 2, 1)), 1),
    ],
)
def test_nothing_to_learn_from_is_refused(baseline):
    with pytest.raises(DataError, match="no training rows"):
        baseline()
