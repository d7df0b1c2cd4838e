from collections import Counter

import pytest

from seqtasks.report import analysis
from seqtasks.report.predictions import LabelPrediction, TagPrediction, TextPrediction


def label_row(reference: str, prediction: str) -> LabelPrediction:
    return LabelPrediction(index=0, input="", reference=reference, prediction=prediction, probability=1, length=1)


def tag_row(reference: str, prediction: str, unknown: str = "") -> TagPrediction:
    tags = reference.split()
    new = [flag == "1" for flag in unknown] or [False] * len(tags)
    return TagPrediction(
        index=0, input=tags, reference=tags, prediction=prediction.split(), unknown=new, length=len(tags)
    )


def text_row(prediction: str, reference: str, source: str = "") -> TextPrediction:
    return TextPrediction(index=0, input=source, reference=[reference], prediction=prediction, length=1)


def test_confusion_matrix_keeps_the_most_frequent_labels_and_whole_rows() -> None:
    pairs = Counter({("a", "a"): 5, ("a", "c"): 2, ("b", "b"): 3, ("b", "a"): 1, ("c", "d"): 1})
    matrix = analysis.confusion_matrix(pairs, max_labels=2)
    assert matrix.labels == ["a", "b"]
    assert matrix.counts.tolist() == [[5, 0], [1, 3]]
    assert matrix.totals.tolist() == [7, 4]
    assert matrix.num_labels == 4


def test_label_table_is_over_labels_or_over_spans_of_bio_tags() -> None:
    labels = analysis.label_table([label_row("a", "a"), label_row("a", "b"), label_row("b", "b")])
    assert list(labels) == ["a", "b"]
    assert (labels["a"].precision, labels["a"].recall, labels["a"].support) == (1.0, 0.5, 2)
    spans = analysis.label_table([tag_row("B-PER I-PER O", "B-PER O O")])
    assert list(spans) == ["PER"]
    assert spans["PER"].f1 == 0


def test_tag_accuracy_tells_known_from_unknown_words() -> None:
    known, unknown = analysis.tag_accuracy([tag_row("A B C", "A A C", "011"), tag_row("A", "A")])
    assert (known.words, known.right, unknown.words, unknown.accuracy) == (2, 2, 2, 0.5)


def test_text_diagnostics_count_each_symptom_beside_the_references() -> None:
    rows = [
        text_row("", "le chat", "the cat"),
        text_row("The cat", "le chat", "the cat"),
        text_row("la la la", "la la la", "x"),
        text_row("a b c d e", "a", "x"),
    ]
    found = {row.name: (row.outputs, row.references) for row in analysis.text_diagnostics(rows, with_source=True)}
    assert found["empty"] == (0.25, 0)
    assert found["copy"] == (0.25, 0)
    assert found["repetition"] == (0.25, 0.25)
    assert found["overlong"] == (0.25, None)
    assert found["length"] == (2.5, 2.0)
    assert found["variety"] == (1.0, 0.75)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("very very very good", True), ("a b c a b c", True), ("very very good", False), ("a b a b", False), ("", False)],
)
def test_repeats(text: str, expected: bool) -> None:
    assert analysis.repeats(text.split()) is expected
