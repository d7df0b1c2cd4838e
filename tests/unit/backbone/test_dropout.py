"""Dropout by random bits."""

import pytest
import torch

from seqtasks.backbone import Dropout
from seqtasks.backbone.dropout import dropout


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_share_is_dropped_and_the_mean_stays(p: float) -> None:
    torch.manual_seed(0)
    dropped = dropout(torch.ones(501, 401), p, training=True)
    assert float((dropped == 0.0).float().mean()) == pytest.approx(p, abs=0.004)
    if p < 1.0:
        assert float(dropped.mean()) == pytest.approx(1.0, abs=0.01)
        (kept,) = set(dropped.unique().tolist()) - {0.0}
        assert kept == pytest.approx(1.0 / (1.0 - p), rel=1e-3)


def test_units_fall_independently_of_their_neighbours() -> None:
    # Four units share one random number.
    torch.manual_seed(0)
    fallen = (dropout(torch.ones(200_000), 0.3, training=True) == 0.0).double()
    for distance in range(1, 9):
        assert abs(float(torch.corrcoef(torch.stack([fallen[distance:], fallen[:-distance]]))[0, 1])) < 0.01


def test_gradient_passes_where_values_do() -> None:
    values = torch.ones(3, 5, requires_grad=True)
    dropped = dropout(values, 0.5, training=True)
    dropped.sum().backward()
    assert values.grad is not None
    torch.testing.assert_close(values.grad, dropped.detach())


def test_outside_training_nothing_happens() -> None:
    values = torch.ones(2, 3)
    assert dropout(values, 0.5, training=False) is values
    assert Dropout(0.5).eval()(values) is values


def test_variational_dropout_keeps_one_mask_for_all_steps() -> None:
    torch.manual_seed(0)
    states = Dropout(0.5, variational=True)(torch.ones(4, 6, 50))
    assert (states == states[:, :1]).all()
    assert not (states[0] == states[1]).all()
