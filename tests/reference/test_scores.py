"""Scores against other implementations: scikit-learn, seqeval, the sacrebleu command, and conlleval written anew."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score as seqeval_f1
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
)

from seqtasks.metrics.classification import classification_scores, per_label_f1
from seqtasks.metrics.edit import error_rates
from seqtasks.metrics.regression import regression_scores
from seqtasks.metrics.tagging import tagging_scores
from seqtasks.metrics.text import text_scores

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=30))
def test_classification_equals_scikit_learn(pairs):
    references, predictions = zip(*pairs, strict=True)
    labels = list("abcd")
    accuracy, macro = classification_scores(references, predictions, labels=labels)
    assert accuracy.value == pytest.approx(accuracy_score(references, predictions))
    options = {"labels": labels, "zero_division": 0}
    assert macro.value == pytest.approx(f1_score(references, predictions, average="macro", **options))
    columns = np.array(precision_recall_fscore_support(references, predictions, **options)).T
    table = per_label_f1(references, predictions, labels=labels)
    got = [(row.precision, row.recall, row.f1, row.support) for row in table.values()]
    np.testing.assert_allclose(got, columns)


def conlleval(references, predictions):
    """Correct, found and true chunks, word by word, as the shared tasks' script counts them.

    A chunk begins at B-, or at an I- whose type is not that of the chunk under way; it goes on over I- of its type.
    It is correct if both sides begin it together, go on together and end together.
    """

    def marks(tags):
        result, under_way = [], None
        for tag in tags:
            kind = None if tag == "O" else tag[2:]
            result.append((kind is not None and (tag[0] == "B" or kind != under_way), kind))
            under_way = kind
        return [*result, (False, None)]

    correct = found = true = 0
    for tags, guesses in zip(references, predictions, strict=True):
        together = False
        for (begins, kind), (guess_begins, guess_kind) in zip(marks(tags), marks(guesses), strict=True):
            true_ends = begins or kind is None
            guess_ends = guess_begins or guess_kind is None
            if together and true_ends and guess_ends:
                correct += 1
            if together and (true_ends or guess_ends):
                together = False
            if begins and guess_begins and kind == guess_kind:
                together = True
            true += begins
            found += guess_begins
    return correct, found, true


SENTENCES = st.lists(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), max_size=8), min_size=1, max_size=5
).filter(any)


@settings(max_examples=30, deadline=None)
@given(SENTENCES)
def test_span_f1_equals_conlleval(sentences):
    references = [[tag for tag, _ in row] for row in sentences]
    independent = [[guess for _, guess in row] for row in sentences]
    half_right = [[tag if place % 2 else guess for place, (tag, guess) in enumerate(row)] for row in sentences]
    for guesses in (independent, half_right):
        correct, found, true = conlleval(references, guesses)
        f1, precision, recall = (score.value for score in tagging_scores(references, guesses, intervals=False)[:3])
        assert precision == pytest.approx(correct / found if found else 0)
        assert recall == pytest.approx(correct / true if true else 0)
        assert f1 == pytest.approx(2 * correct / (found + true) if found + true else 0)
        assert f1 == pytest.approx(seqeval_f1(references, guesses, zero_division=0))


def sentences(count, seed):
    generator = random.Random(seed)
    words = ["Le", "code", "invalide,", "vérifiez", "l'appareil", ":", "{name}", "n'a", "(4", "essais)", "."]
    return [" ".join(generator.choices(words, k=generator.randint(1, 12))) for _ in range(count)]


def test_text_scores_equal_the_sacrebleu_command(tmp_path):
    first, second, predictions = sentences(60, 1), sentences(60, 2), sentences(60, 3)
    predictions[:20] = first[:20]
    predictions[20] = ""
    files = [tmp_path / name for name in ("first", "second", "predictions")]
    for file, lines in zip(files, (first, second, predictions), strict=True):
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    options = ["-m", "bleu", "chrf", "ter", "--ter-case-sensitive", "--confidence", "-w", "6", "-f", "json"]
    command = [sys.executable, "-m", "sacrebleu", str(files[0]), str(files[1]), "-i", str(files[2]), *options]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True, text=True, cwd=tmp_path).stdout)

    references = [list(pair) for pair in zip(first, second, strict=True)]
    scores = text_scores(references, predictions, metrics=("bleu", "chrf", "ter"))
    for score, expected in zip(scores, printed, strict=True):
        assert score.value == pytest.approx(expected["score"], abs=1e-5)
        assert (score.low + score.high) / 2 == pytest.approx(expected["confidence_mean"], abs=1e-5)
        assert (score.high - score.low) / 2 == pytest.approx(expected["confidence_var"], abs=1e-5)
        assert score.signature == expected["signature"]


def edit_distance(first, second):
    """Wagner and Fischer 1974."""
    row = list(range(len(second) + 1))
    for place, symbol in enumerate(first, start=1):
        diagonal, row[0] = row[0], place
        for column, other in enumerate(second, start=1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (symbol != other))
    return row[-1]


PHONEMES = st.lists(st.sampled_from(["K", "AE", "T", "TH"]), max_size=6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(PHONEMES.filter(any), PHONEMES), min_size=1, max_size=5))
def test_error_rate_equals_a_table_of_edit_distances(rows):
    expected = sum(edit_distance(right, given) for right, given in rows) / sum(len(right) for right, _ in rows)
    references = [[" ".join(right)] for right, _ in rows]
    outputs = [" ".join(given) for _, given in rows]
    score, _ = error_rates(references, outputs, unit_name="phoneme", intervals=False)
    assert score.value == pytest.approx(expected)


def test_regression_scores_equal_scikit_learn():
    generator = np.random.default_rng(0)
    right, given = generator.normal(size=(2, 20, 3, 2))
    flat = right.reshape(20, -1), given.reshape(20, -1)
    scores = regression_scores(right, given, names=("mae", "mse"), intervals=False)
    assert [score.value for score in scores] == pytest.approx([mean_absolute_error(*flat), mean_squared_error(*flat)])
