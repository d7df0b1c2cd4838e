import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.data.statistics import compare_keys, count_labels, describe_split


@settings(max_examples=50, deadline=None)
@given(lengths=st.lists(st.integers(0, 500), max_size=30))
def test_every_row_stands_in_one_bin(lengths):
    array = np.array(lengths, dtype=np.int64)
    described = describe_split(array, unknown=None, cut=np.zeros(len(array), bool), empty=0)
    edges = [edge for edge, _ in described["lengths"]]
    assert sum(count for _, count in described["lengths"]) == described["rows"] == len(lengths)
    assert len(edges) <= 22
    width = edges[1] - edges[0] if len(edges) > 1 else max(lengths, default=1) + 1
    for edge, count in described["lengths"]:
        assert count == sum(edge <= length < edge + width for length in lengths)
    assert described["tokens"] == sum(lengths)
    assert described["max_length"] == max(lengths, default=0)


def test_rates_and_counts():
    lengths = np.array([1, 3])
    unknown = np.array([True, False, False, False])
    described = describe_split(lengths, unknown=unknown, cut=np.array([True, False]), empty=1)
    assert described["unknown_rate"] == 0.25
    assert described["mean_length"] == 2.0
    assert (described["truncated"], described["empty"]) == (1, 1)


def test_duplicates_and_labels():
    others = {"test": ["b", "c", "b"], "validation": []}
    assert compare_keys(iter(["a", "b", "b", ""]), others) == (1, {"test": 2, "validation": 0})
    assert list(count_labels(["x", "y", "y"]).items()) == [("y", 2), ("x", 1)]
