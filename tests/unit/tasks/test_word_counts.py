"""Which words are counted for the report."""

import pytest
from cases import CASES, make_rows, make_task
from datasets import Dataset

from seqtasks.tasks.examples import plain

NOT_OF_WORDS = {
    "image_classification",
    "frame_classification",
    "frame_tagging",
    "pronunciation",
    "music",
    "regression",
    "forecasting",
    "language_modeling",
}


@pytest.mark.parametrize("name", CASES)
def test_every_task_counts_words_or_says_that_it_has_none(name):
    rows, task = make_rows(name), make_task(name)
    counts = task.word_counts(rows, rows, plain(task.references(rows)))
    assert (counts is None) == (name in NOT_OF_WORDS)
    assert counts is None or (counts and min(counts.values()) > 0)


def test_words_that_are_read_alike_share_a_count():
    task = make_task("tagging")
    train = Dataset.from_dict({"tokens": [["The", "dog"], ["the", "cat"]], "tags": [["A", "B"]] * 2})
    test = Dataset.from_dict({"tokens": [["THE", "the", "cow"]], "tags": [["A", "A", "B"]]})
    assert task.word_counts(train, test, []) == {"THE": 2, "the": 2}
    block = task.recipe.tokenizer.model_copy(update={"lowercase": False})
    task.reader.recipe = task.recipe.model_copy(update={"tokenizer": block})
    assert task.word_counts(train, test, []) == {"the": 1}


def test_words_of_references_and_answers_are_counted_in_all_references_of_training():
    task = make_task("captioning")
    train = Dataset.from_dict({"caption": [["a cat", "a dog ."], ["a bird"]]})
    test = Dataset.from_dict({"caption": [["a cow"], ["cat"]]})
    assert task.word_counts(train, test, plain(["a dog", "fish"])) == {"a": 3, "cat": 1, "dog": 1}


def test_words_of_texts_that_are_classified_are_without_case_and_punctuation():
    task = make_task("classification")
    train, test = (Dataset.from_dict({"text": texts}) for texts in (["Good, good!", "bad"], ["GOOD?", "ugly"]))
    assert task.word_counts(train, test, []) == {"good": 2}
