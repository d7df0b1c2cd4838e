import collections
import pickle

import numpy as np
import pytest

from seqtasks.data.catalog.pickled_arrays import read_pickled_arrays
from seqtasks.errors import DataError


class Harmful:
    def __reduce__(self):
        return exec, ("raise SystemExit('the file was run')",)


def saved(value):
    return b"one line of NumPy's\n" + pickle.dumps(np.array(value, dtype=object), protocol=2)


def test_numbers_text_and_arrays_come_back():
    value = {
        "names": ["a", "ä", "b"],
        "integers": np.arange(6, dtype=np.int64).reshape(2, 3),
        "floats": [np.array([[0.5, -1.0]]), np.array([[2.0, 3.0], [4.0, 5.0]], dtype=">f4")],
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "nested": {"none": None, "yes": True, "no": False, "pair": (1, 70000)},
    }
    read = read_pickled_arrays(saved(value))
    assert list(read) == list(value)
    np.testing.assert_array_equal(read["integers"], value["integers"])
    np.testing.assert_array_equal(read["columns"], value["columns"])
    for ours, theirs in zip(read["floats"], value["floats"], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert read["names"] == value["names"]
    assert read["nested"] == value["nested"]


@pytest.mark.parametrize("value", [{"a": Harmful()}, {"a": [collections.OrderedDict(b=1)]}, {"a": {1, 2}}])
def test_nothing_else_is_read_and_nothing_is_run(value):
    with pytest.raises(DataError, match="nothing else is read from a pickle"):
        read_pickled_arrays(saved(value))


def test_a_cut_file_is_refused():
    with pytest.raises(DataError):
        read_pickled_arrays(saved({"a": np.arange(3)})[:-20])


def test_a_list_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(DataError):
        read_pickled_arrays(saved({"a": endless}))
