"""How spans are wrong, and that each is counted once."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.metrics.tagging import Span, spans
from seqtasks.report.html import render_html
from seqtasks.report.predictions import TagPrediction
from seqtasks.report.run_files import read_run
from seqtasks.report.spans import SpanCount, span_counts

WORDS = list("abcdefghijklmnopqrst")


def row(reference: str, prediction: str) -> TagPrediction:
    tags = reference.split()
    return TagPrediction(
        index=0,
        input=WORDS[: len(tags)],
        reference=tags,
        prediction=prediction.split(),
        unknown=[False] * len(tags),
        length=len(tags),
    )


def counted(*rows: TagPrediction) -> dict[str, tuple[int | None, int | None]]:
    return {found.name: (found.references, found.predictions) for found in span_counts(rows)}


NOTHING: dict[str, tuple[int | None, int | None]] = {
    **dict.fromkeys(("right", "boundary", "type", "both"), (0, 0)),
    "missed": (0, None),
    "spurious": (None, 0),
}


def test_every_way_to_be_wrong() -> None:
    assert counted(row("B-A I-A O", "B-A I-A O")) == NOTHING | {"right": (1, 1)}
    assert counted(row("B-A I-A O", "B-A O O")) == NOTHING | {"boundary": (1, 1)}
    assert counted(row("B-A I-A O", "B-B I-B O")) == NOTHING | {"type": (1, 1)}
    assert counted(row("B-A I-A O", "O B-B I-B")) == NOTHING | {"both": (1, 1)}
    assert counted(row("B-A I-A O", "O O B-A")) == NOTHING | {"missed": (1, None), "spurious": (None, 1)}


def test_a_name_cut_in_two_is_one_of_the_references_and_two_predicted() -> None:
    assert counted(row("B-A I-A I-A", "B-A B-A I-A")) == NOTHING | {"boundary": (1, 2)}
    assert counted(row("B-A I-A I-A", "B-B I-B B-A")) == NOTHING | {"boundary": (1, 1), "both": (0, 1)}


def test_an_inside_tag_without_a_beginning_begins_a_span_as_conlleval_has_it() -> None:
    assert counted(row("B-A I-A", "I-A I-A")) == NOTHING | {"right": (1, 1)}


def test_tags_that_spell_out_no_spans_are_not_counted() -> None:
    assert span_counts([row("NOUN VERB", "NOUN NOUN")]) == []
    assert span_counts([row("O O", "O O")]) == []


def test_the_example_has_the_words_around_it_and_both_sides() -> None:
    tags = ["O"] * len(WORDS)
    tags[8], tags[9] = "B-A", "I-A"
    wrong = list(tags)
    wrong[9] = "O"
    found = {found.name: found for found in span_counts([row(" ".join(tags), " ".join(wrong))])}
    example = found["boundary"].example
    assert example is not None
    assert (example.references, example.predictions) == ([Span("A", 8, 9)], [Span("A", 8, 8)])
    assert example.pieces == [
        ("… d e f g h", False, False),
        ("i", True, True),
        ("j", True, False),
        ("k l m n o …", False, False),
    ]


TAGS = st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"])
ROWS = st.lists(st.tuples(TAGS, TAGS), min_size=1, max_size=len(WORDS)).map(
    lambda pairs: row(*(" ".join(tags) for tags in zip(*pairs, strict=True)))
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_right_and_wrong_spans_add_up_to_all_of_both_sides(rows: list[TagPrediction]) -> None:
    found = {found.name: found for found in span_counts(rows)}
    references, predictions = ([spans(tags) for tags in side] for side in _sides(rows))
    assert _total(found, "references") == sum(map(len, references))
    assert _total(found, "predictions") == sum(map(len, predictions))
    right = sum(len(set(wanted) & set(given)) for wanted, given in zip(references, predictions, strict=True))
    if found:
        assert (found["right"].references, found["right"].predictions) == (right, right)
        assert found["type"].references == found["type"].predictions
        assert all((each.example is None) == (not (each.references or each.predictions)) for each in _wrong(found))


def _sides(rows: list[TagPrediction]) -> tuple[list[list[str]], list[list[str]]]:
    return [each.reference for each in rows], [each.prediction for each in rows]


def _total(found: dict[str, SpanCount], side: str) -> int:
    return sum(getattr(each, side) or 0 for each in found.values())


def _wrong(found: dict[str, SpanCount]) -> list[SpanCount]:
    return [each for name, each in found.items() if name != "right"]


def test_the_report_shows_them_escaped_for_words_and_for_frames(write_run: Callable[..., Path]) -> None:
    word = {"input": ["<i>a</i>", "b"], "reference": ["B-<b>", "O"], "prediction": ["O", "O"], "unknown": [False] * 2}
    page = render_html(read_run(write_run("tagging", predictions=[{"index": 0, **word, "length": 2}])))
    assert "<u>&lt;i&gt;a&lt;/i&gt;</u>" in page
    assert "<b>" not in page.split("How spans are wrong")[1].split("Which labels")[0]
    frames = word | {"input": [[1.0], [2.0]]}
    page = render_html(read_run(write_run("frame_tagging", predictions=[{"index": 0, **frames, "length": 2}])))
    assert "frame 1" in page
