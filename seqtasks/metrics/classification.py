"""Scores of a classifier: one reference label and one predicted label for each text."""

from collections.abc import Sequence

import numpy as np

from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import LabelScore, check_rows, label_counts, label_table, macro_f1, share
from seqtasks.metrics.score import Score


def classification_scores(
    references: Sequence[str], predictions: Sequence[str], *, labels: Sequence[str], intervals: bool = True
) -> list[Score]:
    """Accuracy and macro F1 (the plain mean of the labels' F1, as scikit-learn with `zero_division=0`).

    Args:
        references: the true label of each text.
        predictions: the predicted label of each text.
        labels: the labels that macro F1 is the mean over. One that never occurs counts as 0.
        intervals: whether to resample for intervals; validation while training does without.

    Returns:
        `accuracy`, the primary score, then `macro_f1`; intervals over texts.

    Raises:
        DataError: there are no rows, or not as many predictions as references.
    """
    found = classification_statistics(references, predictions, labels=labels)
    return [statistics.to_score(intervals=intervals) for statistics in found]


def classification_statistics(
    references: Sequence[str], predictions: Sequence[str], *, labels: Sequence[str]
) -> list[ScoreStatistics]:
    """What each text adds to the scores of `classification_scores`."""
    check_rows("classification scores", references=references, predictions=predictions)
    hits = [reference == prediction for reference, prediction in zip(references, predictions, strict=True)]
    support = f"{len(references):,} texts"
    return [
        ScoreStatistics(
            "accuracy",
            np.stack([hits, np.ones(len(hits))], axis=1),
            share,
            signature="accuracy|unit:text",
            support=support,
        ),
        ScoreStatistics(
            "macro_f1",
            per_label_counts(references, predictions, labels=labels),
            macro_f1,
            signature=f"f1|average:macro|labels:{len(labels)}|zero_division:0|unit:text",
            support=support,
        ),
    ]


def per_label_f1(
    references: Sequence[str], predictions: Sequence[str], *, labels: Sequence[str]
) -> dict[str, LabelScore]:
    """Precision, recall, F1 and support of each label, in the order of `labels`.

    Raises:
        DataError: there are no rows, or not as many predictions as references.
    """
    check_rows("per-label F1", references=references, predictions=predictions)
    return label_table(per_label_counts(references, predictions, labels=labels), labels)


def per_label_counts(references: Sequence[str], predictions: Sequence[str], *, labels: Sequence[str]) -> np.ndarray:
    """What `per_label_f1` is made of: `counts.label_counts` of each text."""
    pairs = list(zip(references, predictions, strict=True))
    return label_counts(
        correct=[[reference] if reference == prediction else [] for reference, prediction in pairs],
        predicted=[[prediction] for _, prediction in pairs],
        actual=[[reference] for reference, _ in pairs],
        labels=labels,
    )
