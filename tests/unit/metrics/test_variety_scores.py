import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.variety import distinct_scores


def test_distinct_grams_are_counted_over_all_texts():
    first, second = distinct_scores(["a b a", "a b", "c"])
    assert first.value == pytest.approx(3 / 6)
    assert second.value == pytest.approx(2 / 3)  # no pair reaches from one text into the next
    assert (first.name, second.name, first.higher_is_better) == ("distinct_1", "distinct_2", True)


def test_texts_without_grams_have_no_variety():
    assert [score.value for score in distinct_scores(["", "a"])] == [1.0, 0.0]
    with pytest.raises(DataError, match="distinct"):
        distinct_scores([])
