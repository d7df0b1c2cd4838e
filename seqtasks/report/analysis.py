"""What the predictions of a run show beyond its scores: where, on what and how it fails.

Plain Python and numpy over the lines of `predictions.jsonl`; nothing here knows of HTML or charts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqtasks.metrics import classification, tagging
from seqtasks.metrics.counts import LabelScore
from seqtasks.metrics.text import sentence_chrf
from seqtasks.report.predictions import LabelPrediction, Prediction, TagPrediction, TextPrediction


@dataclass(frozen=True)
class ConfusionMatrix:
    """Counts of (reference label, predicted label) for the most frequent labels.

    Attributes:
        labels: the labels shown, the most frequent reference first.
        counts: (labels, labels); a row is a reference label.
        totals: (labels,); how often each is the reference, predictions outside the matrix included.
        num_labels: how many labels there are in all.
    """

    labels: list[str]
    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    num_labels: int


@dataclass(frozen=True)
class TagAccuracy:
    """The accuracy over words that the training data holds, or over those that it lacks."""

    unknown: bool
    words: int
    right: int

    @property
    def accuracy(self) -> float:
        """Share of right tags, 0 to 1."""
        return self.right / self.words


@dataclass(frozen=True)
class Diagnostic:
    """A property of texts that is a symptom where outputs have it more often than references do.

    `outputs` and `references` are in `unit`; `references` is None where the question makes no sense for them.
    """

    name: str
    meaning: str
    unit: str
    outputs: float
    references: float | None


def label_pairs(predictions: Sequence[Prediction]) -> Counter[tuple[str, str]]:
    """Count (reference, prediction) over rows of a classifier or over tokens of a tagger."""
    pairs: Counter[tuple[str, str]] = Counter()
    for row in predictions:
        if isinstance(row, TagPrediction):
            pairs.update(zip(row.reference, row.prediction, strict=True))
        elif isinstance(row, LabelPrediction):
            pairs[row.reference, row.prediction] += 1
    return pairs


def label_table(predictions: Sequence[Prediction]) -> dict[str, LabelScore]:
    """Precision, recall and F1 of every label, tag or type of span (BIO tags), the most frequent first."""
    tagged = [row for row in predictions if isinstance(row, TagPrediction)]
    labelled = [row for row in predictions if isinstance(row, LabelPrediction)]
    if tagged:
        table = tagging.per_label_f1([row.reference for row in tagged], [row.prediction for row in tagged])
    else:
        references, outputs = [row.reference for row in labelled], [row.prediction for row in labelled]
        table = classification.per_label_f1(references, outputs, labels=sorted({*references, *outputs}))
    return dict(sorted(table.items(), key=lambda item: -item[1].support))


def confusion_matrix(pairs: Counter[tuple[str, str]], *, max_labels: int = 20) -> ConfusionMatrix:
    """The confusion matrix of the `max_labels` labels that are most frequent in the references.

    Args:
        pairs: how often each (reference, prediction) occurs.
        max_labels: other labels are left out.
    """
    totals: Counter[str] = Counter()
    for (reference, prediction), count in pairs.items():
        totals[reference] += count
        totals[prediction] += 0
    labels = [label for label, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:max_labels]]
    counts = np.array([[pairs[row, column] for column in labels] for row in labels], dtype=np.int64)
    return ConfusionMatrix(labels, counts, np.array([totals[label] for label in labels]), len(totals))


def tag_accuracy(predictions: Sequence[TagPrediction]) -> list[TagAccuracy]:
    """Accuracy over known words and over unknown ones; a kind without words is left out."""
    words: Counter[bool] = Counter()
    right: Counter[bool] = Counter()
    for row in predictions:
        for unknown, reference, prediction in zip(row.unknown, row.reference, row.prediction, strict=True):
            words[unknown] += 1
            right[unknown] += reference == prediction
    return [TagAccuracy(unknown, words[unknown], right[unknown]) for unknown in (False, True) if words[unknown]]


def sentence_scores(predictions: Sequence[TextPrediction]) -> list[float]:
    """The sentence chrF of every row, 0 to 100."""
    return [sentence_chrf(row.reference, row.prediction) for row in predictions]


def right_and_total(predictions: Sequence[Prediction]) -> tuple[list[float], list[float]]:
    """For each row of a classifier or tagger: how many labels are right, out of how many."""
    right, total = [], []
    for row in predictions:
        if isinstance(row, TagPrediction):
            right.append(float(sum(map(str.__eq__, row.reference, row.prediction))))
            total.append(float(len(row.reference)))
        else:
            right.append(float(row.reference == row.prediction))
            total.append(1.0)
    return right, total


def text_diagnostics(predictions: Sequence[TextPrediction], *, with_source: bool) -> list[Diagnostic]:
    """Symptoms of a decoder in trouble, each beside the same measure of the references.

    Args:
        predictions: the rows; their first references are compared with.
        with_source: the inputs are texts, so that copying them can be told.
    """
    outputs = [row.prediction.split() for row in predictions]
    references = [row.reference[0].split() for row in predictions]
    sources = [row.input.split() for row in predictions]
    rows = list(zip(outputs, references, strict=True))

    def symptom(name: str, meaning: str, outputs: list[bool], references: list[bool] | None) -> Diagnostic:
        return Diagnostic(name, meaning, "0-1", _mean(outputs), None if references is None else _mean(references))

    found = [
        symptom("empty", "no word at all", [not text for text in outputs], [not text for text in references]),
        symptom(
            "overlong",
            "more than two words over twice the reference's",
            [len(output) > 2 * len(reference) + 2 for output, reference in rows],
            None,
        ),
        symptom(
            "repetition",
            "a word three times running, or three words in a row that come again",
            [repeats(text) for text in outputs],
            [repeats(text) for text in references],
        ),
    ]
    if with_source:
        copies = [[_same(*pair) for pair in zip(texts, sources, strict=True)] for texts in (outputs, references)]
        found.append(symptom("copy", "the input itself", *copies))
    lengths = [_mean([len(text) for text in texts]) for texts in (outputs, references)]
    variety = [len(set(map(tuple, texts))) / max(len(texts), 1) for texts in (outputs, references)]
    return [
        *found,
        Diagnostic("length", "words in a text, on average", "words", *lengths),
        Diagnostic("variety", "distinct texts among all", "0-1", *variety),
    ]


def repeats(words: Sequence[str]) -> bool:
    """Whether a word stands three times running, or a run of three words comes twice."""
    trigrams = list(zip(words, words[1:], words[2:], strict=False))
    return len(set(trigrams)) < len(trigrams) or any(a == b == c for a, b, c in trigrams)


def _same(words: list[str], others: list[str]) -> bool:
    return [word.casefold() for word in words] == [word.casefold() for word in others]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)
