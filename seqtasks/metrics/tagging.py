"""Scores of a tagger: a tag for every word, and, where tags spell out spans, the spans themselves.

Spans (names, chunks) are scored as in the CoNLL shared tasks: a span counts as right if its type, its first and its
last word are. Source: Tjong Kim Sang and De Meulder 2003 (W03-0419); seqeval in its default mode, which equals the
tasks' own script conlleval, finds the spans: an I- that follows no span of its type begins one.
"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from seqtasks.errors import DataError
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import (
    LabelScore,
    check_rows,
    label_counts,
    label_table,
    macro_f1,
    pooled,
    precision_recall_f1,
    share,
)
from seqtasks.metrics.score import Score

Tags = Sequence[Sequence[str]]
"""One list of tags for each sentence."""


class Span(NamedTuple):
    """A name or chunk: its type, and the places of its first and its last step."""

    kind: str
    first: int
    last: int


def tagging_scores(
    references: Tags,
    predictions: Tags,
    *,
    unknown: Sequence[Sequence[bool]] | None = None,
    intervals: bool = True,
    steps: str = "tokens",
) -> list[Score]:
    """Scores over every word of the references; intervals over sentences.

    Args:
        references: the true tags of each sentence.
        predictions: the predicted tags, as many in each sentence.
        unknown: which words the training split did not contain; None where that is not known.
        intervals: whether to resample for intervals; validation while training does without.
        steps: what is tagged, for people.

    Returns:
        The primary score first. `accuracy` over words, `unknown_accuracy` over unknown words if there are any, and
        `macro_f1`, the plain mean of the F1 of each tag of the references. If the tags are in the BIO scheme (each
        is `O`, `B-type` or `I-type`), `span_f1`, `span_precision` and `span_recall` stand before them.

    Raises:
        DataError: there are no words, or a row has not as many predictions as references.
    """
    found = tagging_statistics(references, predictions, unknown=unknown, steps=steps)
    return [statistics.to_score(intervals=intervals) for statistics in found]


def tagging_statistics(
    references: Tags,
    predictions: Tags,
    *,
    unknown: Sequence[Sequence[bool]] | None = None,
    steps: str = "tokens",
) -> list[ScoreStatistics]:
    """What each sentence adds to the scores of `tagging_scores`."""
    _check_lengths(references, predictions)
    hits = [
        [tag == guess for tag, guess in zip(row, guesses, strict=True)]
        for row, guesses in zip(references, predictions, strict=True)
    ]
    tags = _distinct(references)
    words = f"{sum(map(len, references)):,} {steps}"
    found = _span_statistics(references, predictions) if is_bio(references, predictions) else []
    found.append(
        ScoreStatistics(
            "accuracy",
            np.array([[sum(row), len(row)] for row in hits]),
            share,
            signature="accuracy|words:all|unit:sentence",
            support=words,
        )
    )
    if unknown is not None and any(map(any, unknown)):
        found.append(_unknown_accuracy(hits, unknown))
    found.append(
        ScoreStatistics(
            "macro_f1",
            _tag_counts(references, predictions, tags),
            macro_f1,
            signature=f"f1|average:macro|tags:{len(tags)} of the references|zero_division:0|unit:sentence",
            support=words,
        )
    )
    return found


def per_label_f1(references: Tags, predictions: Tags) -> dict[str, LabelScore]:
    """Precision, recall, F1 and support of each type of span (BIO tags) or each tag (others), in alphabetical order.

    Raises:
        DataError: there are no words, or a row has not as many predictions as references.
    """
    return label_table(*per_label_counts(references, predictions))


def per_label_counts(references: Tags, predictions: Tags) -> tuple[np.ndarray, list[str]]:
    """What `per_label_f1` is made of: `counts.label_counts` of each sentence, and the labels.

    Raises:
        DataError: there are no words, or a row has not as many predictions as references.
    """
    _check_lengths(references, predictions)
    if is_bio(references, predictions):
        return _span_counts(references, predictions)
    tags = sorted({*_distinct(references), *_distinct(predictions)})
    return _tag_counts(references, predictions, tags), tags


def is_bio(*tags: Tags) -> bool:
    """Whether every tag is `O`, `B-type` or `I-type`."""
    names = {tag for rows in tags for tag in _distinct(rows)}
    return all(tag == "O" or (tag[:2] in ("B-", "I-") and len(tag) > 2) for tag in names)


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans that the BIO tags of a row spell out, in their order; they do not overlap."""
    from seqeval.metrics.sequence_labeling import get_entities  # brings scikit-learn, which is slow to import

    return [Span(*found) for found in get_entities(list(tags))]


def _span_statistics(references: Tags, predictions: Tags) -> list[ScoreStatistics]:
    counts = pooled(_span_counts(references, predictions)[0])
    signature = f"scheme:BIO|mode:conlleval|average:micro|zero_division:0|unit:sentence|seqeval:{version('seqeval')}"
    support = f"{int(counts[:, 2].sum()):,} spans"

    def pooled_ratio(name: str, index: int) -> ScoreStatistics:
        return ScoreStatistics(
            name,
            counts,
            lambda totals: precision_recall_f1(totals)[index][..., 0],
            signature=signature,
            support=support,
        )

    return [pooled_ratio("span_f1", 2), pooled_ratio("span_precision", 0), pooled_ratio("span_recall", 1)]


def _span_counts(references: Tags, predictions: Tags) -> tuple[np.ndarray, list[str]]:
    actual, predicted = ([set(spans(row)) for row in rows] for rows in (references, predictions))
    correct = [true & guessed for true, guessed in zip(actual, predicted, strict=True)]
    kinds = [[[kind for kind, _, _ in row] for row in rows] for rows in (correct, predicted, actual)]
    types = sorted({*_distinct(kinds[1]), *_distinct(kinds[2])})
    return label_counts(correct=kinds[0], predicted=kinds[1], actual=kinds[2], labels=types), types


def _tag_counts(references: Tags, predictions: Tags, tags: Sequence[str]) -> np.ndarray:
    correct = [
        [tag for tag, guess in zip(row, guesses, strict=True) if tag == guess]
        for row, guesses in zip(references, predictions, strict=True)
    ]
    return label_counts(correct=correct, predicted=predictions, actual=references, labels=tags)


def _unknown_accuracy(hits: Sequence[Sequence[bool]], unknown: Sequence[Sequence[bool]]) -> ScoreStatistics:
    chosen = [
        [hit for hit, new in zip(row, flags, strict=True) if new] for row, flags in zip(hits, unknown, strict=True)
    ]
    counts = np.array([[sum(row), len(row)] for row in chosen if row])
    return ScoreStatistics(
        "unknown_accuracy",
        counts,
        share,
        signature="accuracy|words:not in the training split|unit:sentence",
        support=f"{counts[:, 1].sum():,} unknown tokens",
    )


def _check_lengths(references: Tags, predictions: Tags) -> None:
    check_rows("tagging scores", references=references, predictions=predictions)
    if not any(references):
        raise DataError("tagging scores: every sentence is empty; a score needs at least one word; check the columns")
    for row, (tags, guesses) in enumerate(zip(references, predictions, strict=True)):
        if len(tags) != len(guesses):
            raise DataError(
                f"tagging scores: row {row}: {len(tags)} reference tags and {len(guesses)} predicted ones were given; "
                "one prediction for every word was expected; predict long sentences whole"
            )


def _distinct(rows: Tags) -> list[str]:
    return sorted({tag for row in rows for tag in row})
