import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.counts import LabelScore
from seqtasks.metrics.tagging import is_bio, per_label_f1, tagging_scores

POS = [["NOUN", "VERB", "NOUN"], ["NOUN"], ["INTJ"]]
POS_GUESS = [["NOUN", "NOUN", "NOUN"], ["VERB"], ["INTJ"]]
SPANS = [["B-PER", "I-PER", "O"], ["B-LOC", "B-LOC", "O"]]
SPANS_GUESS = [["B-PER", "I-PER", "O"], ["B-LOC", "I-LOC", "B-PER"]]


def by_name(scores):
    return {score.name: score for score in scores}


def test_every_word_counts_and_tags_without_spans_get_no_span_score():
    scores = tagging_scores(POS, POS_GUESS)
    assert [score.name for score in scores] == ["accuracy", "macro_f1"]
    assert scores[0].value == pytest.approx(3 / 5)
    assert scores[0].support == "5 tokens"
    assert scores[1].value == pytest.approx((2 * 2 / (3 + 3) + 0 + 1) / 3)


def test_unknown_words_are_scored_alone():
    unknown = [[False, True, True], [False], [False]]
    score = by_name(tagging_scores(POS, POS_GUESS, unknown=unknown))["unknown_accuracy"]
    assert (score.value, score.support) == (0.5, "2 unknown tokens")
    all_right = by_name(tagging_scores(POS, POS, unknown=unknown))["unknown_accuracy"]
    assert all_right.low == 1.0  # sentences without unknown words are not resampled
    nothing_unknown = [[False] * len(row) for row in POS]
    assert "unknown_accuracy" not in by_name(tagging_scores(POS, POS_GUESS, unknown=nothing_unknown))


def test_spans_come_first_and_name_their_scheme():
    scores = tagging_scores(SPANS, SPANS_GUESS)
    assert [score.name for score in scores] == ["span_f1", "span_precision", "span_recall", "accuracy", "macro_f1"]
    f1, precision, recall = scores[:3]
    assert (precision.value, recall.value, f1.value) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert f1.signature.startswith("scheme:BIO|mode:conlleval|")
    assert f1.support == "3 spans"


def test_intervals_can_be_left_out():
    scores = tagging_scores(SPANS, SPANS_GUESS, unknown=[[True] * 3] * 2, intervals=False)
    assert len(scores) == 6
    for score in scores:
        assert score.low is score.high is None
        assert "bs:" not in score.signature


def test_no_predicted_span_is_a_zero_and_no_warning():
    scores = by_name(tagging_scores(SPANS, [["O"] * 3, ["O"] * 3]))
    assert scores["span_precision"].value == scores["span_f1"].value == 0


def test_tables():
    assert per_label_f1(SPANS, SPANS_GUESS) == {
        "LOC": LabelScore(precision=0.0, recall=0.0, f1=0.0, support=2),
        "PER": LabelScore(precision=0.5, recall=1.0, f1=pytest.approx(2 / 3), support=1),
    }
    assert per_label_f1(POS, POS_GUESS)["VERB"] == LabelScore(precision=0.0, recall=0.0, f1=0.0, support=1)


def test_what_is_bio():
    assert is_bio([["O", "B-X", "I-X-Y"]])
    assert not is_bio([["O", "B-X"]], [["NOUN"]])
    assert not is_bio([["B-"]])


def test_a_missing_prediction_is_refused_with_its_row():
    with pytest.raises(DataError, match="row 1: 3 reference tags and 2"):
        tagging_scores(SPANS, [["O"] * 3, ["O"] * 2])


def test_sentences_without_words_are_refused():
    with pytest.raises(DataError, match="every sentence is empty"):
        tagging_scores([[], []], [[], []])
