import random

import numpy as np
import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.text import sentence_chrf
from seqtasks.tasks.baselines import (
    commonest_caption,
    copy_source,
    most_frequent_tag,
    nearest_image,
    tfidf_logistic_regression,
    translation_memory,
)


def test_logistic_regression_learns_a_word():
    texts = ["good film", "so good !", "bad film", "so bad !"] * 5
    labels = ["positive", "positive", "negative", "negative"] * 5
    assert tfidf_logistic_regression(texts, labels, ["a good one", "a bad one"]) == ["positive", "negative"]
    assert tfidf_logistic_regression(["a", "b"], ["only", "only"], ["c"]) == ["only"]


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


@pytest.mark.parametrize(
    "baseline",
    [
        lambda: tfidf_logistic_regression([], [], ["a"]),
        lambda: most_frequent_tag([], [], [["a"]]),
        lambda: commonest_caption([], 1),
        lambda: nearest_image(np.empty((0, 2)), [], np.empty((1, 2))),
        lambda: translation_memory([], [], ["a"]),
    ],
)
def test_nothing_to_learn_from_is_refused(baseline):
    with pytest.raises(DataError, match="no training rows"):
        baseline()
