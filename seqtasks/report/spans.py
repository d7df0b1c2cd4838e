"""How a tagger's spans are wrong: whether it misses names, finds too many, cuts them wrongly or calls them wrongly.

A span is a name or a chunk that BIO tags spell out, read as conlleval reads it (`metrics/tagging.py`). One that the
other side has with the same type and the same edges is right. Every other span, whether of the references or predicted,
is counted once, as the first of these that holds:

    type        the other side has a span with the same edges, of another type
    boundary    an overlapping span of the other side has the same type, but other edges
    both        only overlapping spans of another type with other edges
    missed      a span of the references with which no predicted one overlaps
    spurious    a predicted span with which none of the references overlaps

The classes refine those of MUC-5 (Chinchor and Sundheim 1993, M93-1007), where a boundary or type error is "partial".
Spans of one side never overlap each other; one of them may still overlap two of the other, where a name was cut in two.
So boundary and both may differ in number between the two sides.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from seqtasks.metrics.tagging import Span, is_bio, spans
from seqtasks.report.predictions import TagPrediction

MEANINGS = {
    "right": "same words, same type",
    "boundary": "the type is right, the edges are not",
    "type": "the edges are right, the type is not",
    "both": "it overlaps, but type and edges differ",
    "missed": "no predicted span overlaps with it",
    "spurious": "it overlaps with none of the references",
}
_SIDES = {"missed": "reference", "spurious": "predicted"}
"""Of what only one side has, which side that is."""
_REACH = 5


@dataclass(frozen=True)
class SpanExample:
    """A wrong span in its row, beside those of the other side that it overlaps.

    Attributes:
        row: where it stands.
        references, predictions: the spans of each side, in their order; one of the two may be empty.
    """

    row: TagPrediction
    references: list[Span]
    predictions: list[Span]

    @property
    def pieces(self) -> list[tuple[str, bool, bool]]:
        """The words around, cut where a span begins or ends: each piece with the sides whose spans it is part of."""
        places = [place for span in (*self.references, *self.predictions) for place in (span.first, span.last)]
        start, end = max(0, min(places) - _REACH), max(places) + 1 + _REACH
        words = [
            (word, _inside(place, self.references), _inside(place, self.predictions))
            for place, word in enumerate(self.row.words[start:end], start=start)
        ]
        cut = ("…", False, False)
        words = [cut] * (start > 0) + words + [cut] * (end < len(self.row.words))
        return [
            (" ".join(word for word, *_ in group), *sides) for sides, group in groupby(words, key=lambda word: word[1:])
        ]


@dataclass(frozen=True)
class SpanCount:
    """How many spans are right, or wrong in one way.

    Attributes:
        name: of `MEANINGS`.
        references: among the spans of the references; None where the question makes no sense for them.
        predictions: among the predicted ones.
        example: the first wrong span of this kind.
    """

    name: str
    references: int | None
    predictions: int | None
    example: SpanExample | None

    @property
    def meaning(self) -> str:
        """What the name says."""
        return MEANINGS[self.name]


def span_counts(rows: Sequence[TagPrediction]) -> list[SpanCount]:
    """The spans of both sides by how they are right or wrong; empty where the tags are not BIO, or spell out no span.

    Args:
        rows: of a tagger of words or of frames.
    """
    if not is_bio([row.reference for row in rows], [row.prediction for row in rows]):
        return []
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[str, SpanExample] = {}
    for row in rows:
        for side, name, example in _judged(row):
            counts[side, name] += 1
            examples.setdefault(name, example)

    def count(side: str, name: str) -> int | None:
        return counts[side, name] if _SIDES.get(name, side) == side else None

    return [
        SpanCount(
            name,
            references=count("reference", name),
            predictions=count("predicted", name),
            example=None if name == "right" else examples.get(name),
        )
        for name in MEANINGS
        if counts
    ]


def _judged(row: TagPrediction) -> Iterator[tuple[str, str, SpanExample]]:
    """Each span of the row: whose it is, how it is right or wrong, and both sides of it."""
    references, predictions = spans(row.reference), spans(row.prediction)
    for span in references:
        others = _overlapping(span, predictions)
        yield "reference", _judgement(span, others) or "missed", SpanExample(row, [span], others)
    for span in predictions:
        others = _overlapping(span, references)
        yield "predicted", _judgement(span, others) or "spurious", SpanExample(row, others, [span])


def _judgement(span: Span, others: Sequence[Span]) -> str | None:
    """What a span is to those of the other side that it overlaps; None where there is none."""
    if span in others:
        return "right"
    if any((other.first, other.last) == (span.first, span.last) for other in others):
        return "type"
    if any(other.kind == span.kind for other in others):
        return "boundary"
    return "both" if others else None


def _overlapping(span: Span, others: Sequence[Span]) -> list[Span]:
    return [other for other in others if other.first <= span.last and span.first <= other.last]


def _inside(place: int, spans: Sequence[Span]) -> bool:
    return any(span.first <= place <= span.last for span in spans)
