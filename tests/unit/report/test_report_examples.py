from collections import Counter

from seqtasks.report import examples
from seqtasks.report.analysis import label_pairs
from seqtasks.report.predictions import LabelPrediction, TagPrediction, TextPrediction


def marked(pieces: list[examples.Piece]) -> str:
    return " ".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def label_row(reference: str, prediction: str, probability: float) -> LabelPrediction:
    text = f"{reference} {probability}"
    return LabelPrediction(
        index=0, input=text, reference=reference, prediction=prediction, probability=probability, length=2
    )


def tag_row(words: str, reference: str, prediction: str) -> TagPrediction:
    count = len(words.split())
    return TagPrediction(
        index=0,
        input=words.split(),
        reference=reference.split(),
        prediction=prediction.split(),
        unknown=[False] * count,
        length=count,
    )


def test_word_differences_mark_what_the_other_text_lacks() -> None:
    assert marked(examples.word_differences("the big cat sat", "the cat sat down")) == "the [big] cat sat"
    assert marked(examples.word_differences("the cat sat down", "the big cat sat")) == "the cat sat [down]"
    assert examples.word_differences("", "the cat") == []


def test_confident_errors_come_most_probable_first_and_without_right_ones() -> None:
    rows = [label_row("a", "b", 0.6), label_row("a", "a", 0.99), label_row("b", "a", 0.9)]
    assert [row.probability for row in examples.confident_errors(rows, 5)] == [0.9, 0.6]


def test_most_wrong_tags_come_first_and_right_rows_not_at_all() -> None:
    rows = [tag_row("a b", "X X", "X X"), tag_row("c d", "X X", "X Y"), tag_row("e f", "X X", "Y Y")]
    assert [row.input[0] for row in examples.most_wrong_tags(rows, 5)] == ["e", "c"]


def test_text_examples_use_the_closest_reference_and_leave_empty_outputs_aside() -> None:
    rows = [
        TextPrediction(index=0, input="", reference=["x y z", "the cat"], prediction="the dog", length=1),
        TextPrediction(index=1, input="", reference=["the cat"], prediction=" ", length=1),
        TextPrediction(index=2, input="", reference=["the cat"], prediction="the cat", length=1),
    ]
    worst, drawn = examples.text_examples(rows, [40.0, 0.0, 100.0], 3)
    assert [example.row.index for example in worst] == [0]
    assert (marked(worst[0].output), marked(worst[0].reference)) == ("the [dog]", "the [cat]")
    assert sorted(example.row.index for example in drawn) == [0, 1, 2]
    assert drawn == examples.text_examples(rows, [40.0, 0.0, 100.0], 3)[1]


def test_confusions_come_with_the_first_row_that_shows_them() -> None:
    rows = [label_row("a", "b", 0.6), label_row("a", "b", 0.7), label_row("a", "a", 0.9), label_row("b", "a", 0.5)]
    first, second = examples.confusions(rows, label_pairs(rows), 5)
    assert (first.reference, first.prediction, first.count, first.share) == ("a", "b", 2, 2 / 3)
    assert marked(first.example) == "a 0.6"
    assert (second.reference, second.share) == ("b", 1.0)


def test_a_tagger_confusion_shows_the_word_among_its_neighbours() -> None:
    words = "w0 w1 w2 w3 w4 w5 w6 w7 w8"
    row = tag_row(words, "X " * 9, "X " * 7 + "Y X")
    [confusion] = examples.confusions([row], Counter({("X", "Y"): 1, ("X", "X"): 8}), 5)
    assert marked(confusion.example) == "… w1 w2 w3 w4 w5 w6 [w7] w8"
