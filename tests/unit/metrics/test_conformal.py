"""Split conformal intervals: their widths by hand, and what they promise."""

import json
from pathlib import Path

import numpy as np
import pytest

from seqtasks.errors import RunError
from seqtasks.metrics.conformal import coverage, describe_half_widths, half_widths, read_half_widths


def test_the_widths_are_order_statistics():
    """Of 19 errors the 16th smallest is that of 80%, (19 + 1) * 0.8, and the largest that of 95%."""
    errors = np.random.default_rng(0).permutation(np.arange(1.0, 20.0)) * np.resize([1, -1], 19)
    assert half_widths(errors[:, None]) == {"80": [16.0], "95": [19.0]}
    assert half_widths(errors[:18, None]).keys() == {"80"}
    assert half_widths(np.zeros((0, 2))) == half_widths(np.full((30, 1), np.nan)) == {}


def test_exchangeable_errors_are_held_as_often_as_promised():
    rng = np.random.default_rng(1)
    held = {"80": [], "95": []}
    for _ in range(400):
        errors = rng.standard_t(3, size=(60, 2)) * [1.0, 9.0]
        for name, share in coverage(errors[40:], half_widths(errors[:40])).items():
            held[name].append(share)
    assert np.mean(held["80"]) == pytest.approx(33 / 41, abs=0.01)
    assert np.mean(held["95"]) == pytest.approx(39 / 41, abs=0.01)


def test_they_are_stored_and_read(tmp_path: Path):
    path = tmp_path / "intervals.json"
    errors = np.random.default_rng(2).normal(size=(50, 3, 2))
    stored = describe_half_widths(errors)
    path.write_text(json.dumps(stored))
    assert stored["rows"] == 50
    for name, widths in read_half_widths(path, (3, 2)).items():
        np.testing.assert_allclose(widths, half_widths(errors)[name], rtol=1e-5)


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"half_widths": 3}', '{"half_widths": {"80": [["x"]]}}', '{"half_widths": {"80": [[1], [-1]]}}', "{"],
)
def test_damaged_ones_are_refused(tmp_path: Path, content: str):
    path = tmp_path / "intervals.json"
    path.write_text(content)
    with pytest.raises(RunError, match=r"intervals\.json"):
        read_half_widths(path, (2, 1))
