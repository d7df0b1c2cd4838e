import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.classification import classification_scores, per_label_f1
from seqtasks.metrics.counts import LabelScore

REFERENCES = ["a", "a", "a", "b"]
PREDICTIONS = ["a", "a", "b", "b"]


def test_values_by_hand():
    accuracy, macro = classification_scores(REFERENCES, PREDICTIONS, labels=["a", "b", "c"])
    assert (accuracy.name, accuracy.value, accuracy.support) == ("accuracy", 0.75, "4 texts")
    assert macro.name == "macro_f1"
    assert macro.value == pytest.approx((4 / 5 + 2 / 3 + 0) / 3)
    assert "labels:3" in macro.signature
    assert "zero_division:0" in macro.signature
    for score in (accuracy, macro):
        assert 0 <= score.low <= score.value <= score.high <= 1


def test_intervals_can_be_left_out():
    scores = classification_scores(REFERENCES, PREDICTIONS, labels=["a", "b"], intervals=False)
    assert [(score.low, score.high) for score in scores] == [(None, None)] * 2


def test_table_keeps_the_order_of_the_labels():
    table = per_label_f1(REFERENCES, PREDICTIONS, labels=["b", "a"])
    assert list(table) == ["b", "a"]
    assert table["b"] == LabelScore(precision=0.5, recall=1.0, f1=pytest.approx(2 / 3), support=1)


def test_rows_that_do_not_match_are_refused():
    with pytest.raises(DataError, match="4 references and 1 predictions"):
        classification_scores(REFERENCES, ["a"], labels=["a", "b"])
    with pytest.raises(DataError, match="no references"):
        classification_scores([], [], labels=["a"])
