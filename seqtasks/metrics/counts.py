"""Counting what was right: the step between strings and scores that classification and tagging share.

A label is correct, predicted or actual (in the reference) so many times in each row. Precision, recall and F1 are
ratios of these three counts, for words and for spans alike:

    precision = correct / predicted,   recall = correct / actual,   F1 = 2 correct / (predicted + actual)

A ratio with nothing below the line is 0 (scikit-learn's `zero_division=0`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqtasks.errors import DataError


@dataclass(frozen=True)
class LabelScore:
    """How well one label, tag or kind of span is recognised.

    Attributes:
        precision, recall, f1: from 0 to 1.
        support: how often it stands in the references.
    """

    precision: float
    recall: float
    f1: float
    support: int


def check_rows(where: str, *, references: Sequence[object], predictions: Sequence[object]) -> None:
    """Refuse an empty set, and predictions that are not one for each reference.

    Raises:
        DataError: as said.
    """
    if not references:
        raise DataError(f"{where}: no references were given; a score needs at least one row; check the split")
    if len(references) != len(predictions):
        raise DataError(
            f"{where}: {len(references):,} references and {len(predictions):,} predictions were given; "
            "one prediction for each reference was expected; check that both come from the same split"
        )


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """`numerator / denominator`, and 0 where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.zeros(np.shape(numerator)), where=np.asarray(denominator) > 0)


def share(totals: np.ndarray) -> np.ndarray:
    """Counts of `(..., [correct, all])` to the share that is correct, `(...)`."""
    return ratio(totals[..., 0], totals[..., 1])


def label_counts(
    *,
    correct: Sequence[Sequence[str]],
    predicted: Sequence[Sequence[str]],
    actual: Sequence[Sequence[str]],
    labels: Sequence[str],
) -> np.ndarray:
    """How often each label was correct, predicted and actual in each row.

    Args:
        correct: the labels that were right, one list for each row.
        predicted: the labels that were predicted.
        actual: the labels of the reference.
        labels: which labels to count; others are passed over.

    Returns:
        `(rows, 3 * labels)`: the correct ones, then the predicted, then the actual ones.
    """
    column = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((3, len(actual), len(labels)))
    for kind, rows in enumerate((correct, predicted, actual)):
        found = [(row, column[label]) for row, names in enumerate(rows) for label in names if label in column]
        if found:
            np.add.at(counts[kind], tuple(np.array(found).T), 1)
    return np.concatenate(list(counts), axis=1)


def precision_recall_f1(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts `(..., 3 * labels)` as `label_counts` lays them out to three ratios `(..., labels)`."""
    correct, predicted, actual = np.split(totals, 3, axis=-1)
    return ratio(correct, predicted), ratio(correct, actual), ratio(2 * correct, predicted + actual)


def macro_f1(totals: np.ndarray) -> np.ndarray:
    """The plain mean of the labels' F1, `(..., 3 * labels)` to `(...)`."""
    return precision_recall_f1(totals)[2].mean(axis=-1)


def pooled(totals: np.ndarray) -> np.ndarray:
    """The counts of all labels taken together (micro average), `(..., 3 * labels)` to `(..., 3)`."""
    return np.stack([part.sum(axis=-1) for part in np.split(totals, 3, axis=-1)], axis=-1)


def label_table(counts: np.ndarray, labels: Sequence[str]) -> dict[str, LabelScore]:
    """One `LabelScore` for each label from the counts of all rows, `(rows, 3 * labels)`."""
    totals = counts.sum(axis=0)
    support = np.split(totals, 3)[2]
    columns = zip(labels, *precision_recall_f1(totals), support, strict=True)
    return {
        label: LabelScore(precision=float(precision), recall=float(recall), f1=float(f1), support=int(number))
        for label, precision, recall, f1, number in columns
    }
