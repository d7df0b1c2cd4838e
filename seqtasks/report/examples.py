"""The rows that the report shows: the worst ones, some at random, and one for each frequent confusion."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from seqtasks.report.predictions import LabelPrediction, Prediction, TagPrediction, TextPrediction

Row = TypeVar("Row")


@dataclass(frozen=True)
class Piece:
    """Words of a text in a row; `marked` where they differ from the other text, or are what it is about."""

    text: str
    marked: bool


@dataclass(frozen=True)
class TextExample:
    """An output beside its closest reference, with the words that they do not share marked in each."""

    row: TextPrediction
    chrf: float
    output: list[Piece]
    reference: list[Piece]


@dataclass(frozen=True)
class Confusion:
    """A reference label taken for another `count` times, which is `share` of its rows; with the first such row."""

    reference: str
    prediction: str
    count: int
    share: float
    row: Prediction
    example: list[Piece]


def sample(rows: Sequence[Row], size: int) -> list[Row]:
    """Rows drawn at random, the same ones each time."""
    return random.Random(0).sample(rows, min(size, len(rows)))


def confident_errors(predictions: Sequence[LabelPrediction], size: int) -> list[LabelPrediction]:
    """The wrong labels, the most probable first."""
    wrong = [row for row in predictions if row.reference != row.prediction]
    return sorted(wrong, key=lambda row: -row.probability)[:size]


def most_wrong_tags(predictions: Sequence[TagPrediction], size: int) -> list[TagPrediction]:
    """The sequences with the most wrong tags; among equals the shortest first."""

    def wrong(row: TagPrediction) -> int:
        return sum(map(str.__ne__, row.reference, row.prediction))

    return sorted(filter(wrong, predictions), key=lambda row: (-wrong(row), len(row.reference)))[:size]


def text_examples(
    predictions: Sequence[TextPrediction], chrf: Sequence[float], size: int
) -> tuple[list[TextExample], list[TextExample]]:
    """The outputs with the lowest sentence chrF, and some at random.

    Empty outputs are not among the lowest: they are all alike, and counted elsewhere.
    """
    scored = list(zip(predictions, chrf, strict=True))
    flawed = [pair for pair in scored if pair[1] < 100 and pair[0].prediction.strip()]
    worst = sorted(flawed, key=lambda pair: pair[1])[:size]
    return [_compared(*pair) for pair in worst], [_compared(*pair) for pair in sample(scored, size)]


def confusions(predictions: Sequence[Prediction], pairs: Counter[tuple[str, str]], size: int) -> list[Confusion]:
    """The most frequent confusions of two labels, each with the first row that shows it.

    Args:
        predictions: rows of a classifier or a tagger.
        pairs: how often each (reference, prediction) occurs in them.
        size: how many to give at most.
    """
    totals: Counter[str] = Counter()
    for (reference, _), count in pairs.items():
        totals[reference] += count
    wrong = [(pair, count) for pair, count in pairs.most_common() if pair[0] != pair[1]][:size]
    return [Confusion(*pair, count, count / totals[pair[0]], *_example(predictions, *pair)) for pair, count in wrong]


def word_differences(text: str, other: str) -> list[Piece]:
    """`text` cut into pieces, those marked that a shortest edit would remove on the way to `other`."""
    words = text.split()
    pieces = []
    # autojunk would drop frequent words of long texts from the comparison.
    for operation, start, end, _, _ in SequenceMatcher(None, words, other.split(), autojunk=False).get_opcodes():
        if start < end:
            pieces.append(Piece(" ".join(words[start:end]), marked=operation != "equal"))
    return pieces


def _compared(row: TextPrediction, chrf: float) -> TextExample:
    words = row.prediction.split()
    closest = max(row.reference, key=lambda text: SequenceMatcher(None, words, text.split(), autojunk=False).ratio())
    return TextExample(row, chrf, word_differences(row.prediction, closest), word_differences(closest, row.prediction))


def _example(predictions: Sequence[Prediction], reference: str, prediction: str) -> tuple[Prediction, list[Piece]]:
    """The first row with this confusion, and its words; none for a picture or a recording."""
    for row in predictions:
        if isinstance(row, LabelPrediction) and (row.reference, row.prediction) == (reference, prediction):
            return row, [Piece(row.input, marked=False)] if isinstance(row.input, str) else []
        if isinstance(row, TagPrediction):
            for place, pair in enumerate(zip(row.reference, row.prediction, strict=True)):
                if pair == (reference, prediction):
                    return row, _around(row.words, place) if row.words else [Piece(f"frame {place + 1}", marked=False)]
    raise ValueError(f"confusions: {reference!r} taken for {prediction!r} is counted, but no row shows it")


def _around(words: list[str], place: int, reach: int = 6) -> list[Piece]:
    before, after = words[max(0, place - reach) : place], words[place + 1 : place + 1 + reach]
    start = "… " if place > reach else ""
    end = " …" if place + 1 + reach < len(words) else ""
    pieces = [Piece(start + " ".join(before), False), Piece(words[place], True), Piece(" ".join(after) + end, False)]
    return [piece for piece in pieces if piece.text]
