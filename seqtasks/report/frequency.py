"""Scores by how often a word stands in the training rows: whether a model fails on what it has hardly met.

A tagger's words are sorted by their counts among the training inputs, those of a text by their counts among the
training references; of texts the F1 of words is compared, as in compare-mt (Neubig et al. 2019, N19-4007). Inputs of a
classifier are sorted by their share of words that no training input has. The counts stand in `frequencies.json`.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from seqtasks.metrics.words import plain_words, word_splitter
from seqtasks.report.buckets import Bucket, share_bucket
from seqtasks.report.predictions import PREDICTION_TYPES, LabelPrediction, TagPrediction, TextPrediction
from seqtasks.report.run_files import Run, scored_rows

FREQUENCIES = {"0": 0, "1": 1, "2–4": 2, "5–9": 5, "10–99": 10, "100+": 100}
"""Ranges of counts, and where each begins."""

UNKNOWN_SHARES = {"none": 0.0, "up to 10%": 0.1, "10–25%": 0.25, "over 25%": 1.0}
"""Ranges of shares, and where each ends."""


@dataclass(frozen=True)
class Tally:
    """What each row earned on the words of each range of `FREQUENCIES`.

    Attributes:
        points: `(rows, ranges)`.
        out_of: what it could have earned, `(rows, ranges)`.
        sizes: words of the references in each range, `(ranges,)`.
    """

    points: NDArray[np.float64]
    out_of: NDArray[np.float64]
    sizes: NDArray[np.int64]

    def column(self, place: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Points and what they are out of in one range, both `(rows,)`."""
        return self.points[:, place], self.out_of[:, place]


def word_tally(run: Run) -> Tally | None:
    """The words of a run that tags words or writes texts; None for other runs, and where counts are not known."""
    if run.frequencies is None:
        return None
    rows = scored_rows(run)
    tagged = [row for row in rows if isinstance(row, TagPrediction) and row.words]
    if tagged:
        return _tally([_tagged(row, run.frequencies) for row in tagged])
    if PREDICTION_TYPES[run.task] is not TextPrediction:
        return None
    scores = getattr(run.recipe, "scores", None)
    split = word_splitter(**(scores.model_dump() if scores is not None else {}))
    written = partial(_written, frequencies=run.frequencies, split=split)
    return _tally([written(row) for row in rows if isinstance(row, TextPrediction)])


def by_frequency(tally: Tally) -> list[Bucket]:
    """The score for each range of counts that has words."""
    return [
        share_bucket(name, int(tally.sizes[place]), *tally.column(place))
        for place, name in enumerate(FREQUENCIES)
        if tally.sizes[place]
    ]


def by_unknown_words(rows: Sequence[LabelPrediction], frequencies: Mapping[str, int]) -> list[Bucket]:
    """A classifier's accuracy for each range of the share of words that no training input has.

    Args:
        rows: those whose input is no text, or has no words, are left out.
        frequencies: how often words stand in the training inputs.
    """
    right: dict[str, list[bool]] = {name: [] for name in UNKNOWN_SHARES}
    for row in rows:
        if isinstance(row.input, str) and (words := plain_words(row.input)):
            share = sum(word not in frequencies for word in words) / len(words)
            name = next(name for name, end in UNKNOWN_SHARES.items() if share <= end)
            right[name].append(row.reference == row.prediction)
    return [share_bucket(name, len(rows), rows, np.ones(len(rows))) for name, rows in right.items() if rows]


_Counts = tuple[Counter[int], Counter[int], Counter[int]]
"""Of a row, for each range: points, what they are out of, and words of the reference."""


def _tagged(row: TagPrediction, frequencies: Mapping[str, int]) -> _Counts:
    ranges = [_range(word, frequencies) for word in row.words]
    hits = [place for place, tag, guess in zip(ranges, row.reference, row.prediction, strict=True) if tag == guess]
    return Counter(hits), Counter(ranges), Counter(ranges)


def _written(row: TextPrediction, frequencies: Mapping[str, int], split: Callable[[str], list[str]]) -> _Counts:
    """F1 = 2 matches / (words of the output + words of the reference), for the reference that shares most words."""
    output = Counter(split(row.prediction))
    references = [Counter(split(text)) for text in row.reference]
    reference = max(references, key=lambda words: (words & output).total() / max(1, words.total() + output.total()))
    matches, written, wanted = (_in_ranges(words, frequencies) for words in (reference & output, output, reference))
    return matches + matches, written + wanted, wanted


def _in_ranges(words: Counter[str], frequencies: Mapping[str, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for word, count in words.items():
        found[_range(word, frequencies)] += count
    return found


def _range(word: str, frequencies: Mapping[str, int]) -> int:
    return bisect_right(_STARTS, frequencies.get(word, 0)) - 1


_STARTS = list(FREQUENCIES.values())


def _tally(rows: Sequence[_Counts]) -> Tally:
    points, out_of, sizes = (
        np.array([[row[side][place] for place in range(len(FREQUENCIES))] for row in rows]) for side in range(3)
    )
    return Tally(points.astype(float), out_of.astype(float), sizes.sum(axis=0))
