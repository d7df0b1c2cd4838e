"""Rows with labels: one for a text, a picture or a recording, or a tag for each word or frame."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby

from seqtasks.report.answers.answers import is_picture, is_recording, rows_of
from seqtasks.report.predictions import LabelPrediction, TagPrediction
from seqtasks.report.rows.view import MAX_ROWS, Order, Row, View, by_length, clip, rounded
from seqtasks.report.run_files import Run


def label_view(run: Run, values: Sequence[float]) -> View:
    """A label a row, with its probability in percent."""
    rows = rows_of(run, LabelPrediction)[:MAX_ROWS]
    labels, place = _labels([row.reference, row.prediction] for row in rows)
    texts = any(_text(row) for row in rows)
    heard = any(is_recording(row.input) for row in rows)

    def shown(row: LabelPrediction) -> Row:
        return ({"input": _text(row)} if texts else {}) | {
            "index": row.index,
            "reference": place[row.reference],
            "output": place[row.prediction],
            "value": rounded(100 * row.probability, 1),
            "length": row.length,
        }

    return View(
        form="labels",
        note="at {value}%" + (" · {length} frames" if heard else ""),
        rows=list(map(shown, rows)),
        orders=[Order("most sure", "value", -1), Order("least sure", "value", 1), *by_length(rows, "input")],
        searched={"input": "inputs"} if texts else {"reference": "reference", "output": "predicted labels"},
        outcomes={"right": "right", "wrong": "wrong"},
        labels=labels,
    )


def tag_view(run: Run, values: Sequence[float]) -> View:
    """A tag a step, with the number of those that are wrong; frames that are alike in both tags are one step."""
    rows = rows_of(run, TagPrediction)[:MAX_ROWS]
    labels, place = _labels(chain(row.reference, row.prediction) for row in rows)
    words = any(row.words for row in rows)

    def shown(row: TagPrediction) -> Row:
        pairs = [(place[gold], place[guess]) for gold, guess in zip(row.reference, row.prediction, strict=True)]
        found: Row = {"index": row.index, "value": sum(gold != guess for gold, guess in pairs), "length": len(pairs)}
        if words:
            found |= {"words": row.words, "unknown": [step for step, unknown in enumerate(row.unknown) if unknown]}
        else:
            alike = [(pair, sum(1 for _ in group)) for pair, group in groupby(pairs)]
            pairs = [pair for pair, _ in alike]
            found["frames"] = [count for _, count in alike]
        return found | {"reference": [gold for gold, _ in pairs], "output": [guess for _, guess in pairs]}

    steps = "tokens" if words else "frames"
    return View(
        form="words" if words else "frames",
        note=f"{{value}} of {{length}} {steps} wrong",
        rows=list(map(shown, rows)),
        orders=[Order("most wrong tags", "value", -1), *by_length(rows, "input")],
        searched={"words": "words"} if words else {"reference": "reference", "output": "predicted tags"},
        outcomes={"right": "every tag right", "wrong": "some tag wrong"},
        labels=labels,
        steps=steps,
    )


def _text(row: LabelPrediction) -> str:
    return clip(row.input) if isinstance(row.input, str) and not is_picture(row.input) else ""


def _labels(found: Iterable[Iterable[str]]) -> tuple[list[str], dict[str, int]]:
    """All labels, the most frequent first, and the place of each."""
    labels = [label for label, _ in Counter(chain.from_iterable(found)).most_common()]
    return labels, {label: place for place, label in enumerate(labels)}
