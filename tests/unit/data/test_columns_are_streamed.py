import pytest
from datasets import Dataset

from seqtasks.data.streaming import chunks, stream

VALUES = list("abcde")
KINDS = {
    "a list": lambda: VALUES,
    "a column": lambda: Dataset.from_dict({"text": VALUES})["text"],
    "a generator": lambda: (value for value in VALUES),
}


@pytest.mark.parametrize("kind", KINDS)
def test_values_come_in_order_and_in_pieces(kind, monkeypatch):
    monkeypatch.setattr("seqtasks.data.streaming.CHUNK", 2)
    assert [list(chunk) for chunk in chunks(KINDS[kind]())] == [["a", "b"], ["c", "d"], ["e"]]
    assert list(stream(KINDS[kind]())) == VALUES


def test_no_more_is_read_than_is_needed(monkeypatch):
    monkeypatch.setattr("seqtasks.data.streaming.CHUNK", 2)
    values = iter(VALUES)
    assert next(stream(values)) == "a"
    assert next(values) == "c"
