"""The k largest in two stages."""

import pytest
import torch

from seqtasks.decoding.step import largest


@pytest.mark.parametrize("size", [5, 64, 65, 333, 4001])
@pytest.mark.parametrize("k", [1, 3, 5])
def test_equals_topk(size: int, k: int) -> None:
    torch.manual_seed(size)
    values = torch.stack([torch.randperm(size).float() for _ in range(12)]).view(3, 4, size)
    expected = values.topk(k, dim=-1)
    found, places = largest(values, k)
    torch.testing.assert_close(found, expected.values)
    torch.testing.assert_close(places, expected.indices)


def test_nan_comes_first_and_impossible_values_are_found() -> None:
    values = torch.full((2, 500), float("-inf"))
    values[0, 77], values[1, 499] = float("nan"), 1.0
    found, places = largest(values, 2)
    assert found[0, 0].isnan()
    assert places[:, 0].tolist() == [77, 499]
    assert found[1].tolist() == [1.0, float("-inf")]
