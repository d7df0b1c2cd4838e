"""Error rates of short symbol sequences, such as phonemes, counted by edit distance."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from seqtasks.errors import DataError
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import check_rows, share
from seqtasks.metrics.score import Score


def error_rates(
    references: Sequence[Sequence[str]], outputs: Sequence[str], *, unit_name: str, intervals: bool = True
) -> list[Score]:
    """Symbol and word error rate against the closest of several right answers.

    The symbol error rate is the edit distance (insertions, deletions and substitutions cost 1) to the closest
    reference, summed over rows and divided by the summed lengths of these references; it may exceed 1. The word error
    rate is the share of rows that equal none of their references. This is how grapheme-to-phoneme conversion is scored
    (Bisani and Ney 2008, "Joint-sequence models for grapheme-to-phoneme conversion"; Yao and Zweig 2015,
    arXiv:1506.00196).

    Args:
        references: the right answers of each row, symbols separated by spaces.
        outputs: the answer to each row.
        unit_name: of a symbol; the first score is called after it, as in `phoneme_error_rate`.
        intervals: whether to resample rows for intervals.

    Raises:
        DataError: there are no rows, not as many outputs as references, or a row without a reference.
    """
    found = error_rate_statistics(references, outputs, unit_name=unit_name)
    return [statistics.to_score(intervals=intervals) for statistics in found]


def error_rate_statistics(
    references: Sequence[Sequence[str]], outputs: Sequence[str], *, unit_name: str
) -> list[ScoreStatistics]:
    """What each row adds to the scores of `error_rates`."""
    check_rows("error rates", references=references, predictions=outputs)
    for row, texts in enumerate(references):
        if not texts:
            raise DataError(
                f"error rates: row {row}: no reference was given; at least one was expected; remove the row or add one"
            )
    rows = [
        _closest([text.split() for text in texts], output.split())
        for texts, output in zip(references, outputs, strict=True)
    ]
    counts = np.array(rows, dtype=np.float64)
    wrong = np.stack([counts[:, 0] > 0, np.ones(len(counts))], axis=1)
    return [
        ScoreStatistics(
            f"{unit_name}_error_rate",
            counts,
            share,
            signature=f"edit distance/reference length|unit:{unit_name}|references:closest",
            support=f"{int(counts[:, 1].sum()):,} {unit_name}s",
            higher_is_better=False,
        ),
        ScoreStatistics(
            "word_error_rate",
            wrong,
            share,
            signature="rows that equal no reference|unit:word",
            support=f"{len(rows):,} words",
            higher_is_better=False,
        ),
    ]


def _closest(references: Sequence[Sequence[str]], output: Sequence[str]) -> tuple[int, int]:
    """Distance to the closest reference, and its length; of equally close ones the longest."""
    return min(
        ((Levenshtein.distance(reference, output), len(reference)) for reference in references),
        key=lambda pair: (pair[0], -pair[1]),
    )
