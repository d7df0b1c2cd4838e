"""Dropout with one mask a step, or one mask for all steps; on a CPU, several times cheaper than torch's own."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_RESOLUTION = 1 << 16
"""Shares are rounded to a multiple of 1 / 65,536: a unit's fate takes 16 random bits, four units' one random number."""


def dropout(values: Tensor, p: float, *, training: bool) -> Tensor:
    """Zero a share of numbers at random and scale the others so that the expected value stays.

    torch draws one random number for each unit, which on a CPU takes longer than many a layer; here one 64-bit number
    decides about four. Elsewhere, as on a GPU, torch's own is used.

    Args:
        values: of any shape.
        p: share that is dropped, 0 to 1.
        training: otherwise nothing is done.
    """
    if not training or p == 0.0:
        return values
    if values.device.type != "cpu":
        return F.dropout(values, p)
    dropped = round(p * _RESOLUTION)
    if dropped == _RESOLUTION:
        return torch.zeros_like(values)
    numbers = torch.empty((values.numel() + 3) // 4, dtype=torch.int64).random_(-(2**63), None)
    fates = numbers.view(torch.int16)[: values.numel()].view(values.shape)
    kept = (fates >= dropped - _RESOLUTION // 2).to(values.dtype)
    return values * kept.mul_(_RESOLUTION / (_RESOLUTION - dropped))


class Dropout(nn.Module):
    """Dropout over `(batch, time, features)`.

    Args:
        p: share of units that are dropped in training.
        variational: a row keeps one mask for all its steps (Gal and Ghahramani 2016, arXiv:1512.05287).
    """

    def __init__(self, p: float = 0.0, *, variational: bool = False) -> None:
        super().__init__()
        self.p = p
        self.variational = variational

    def forward(self, states: Tensor) -> Tensor:
        """Drop units in training; do nothing otherwise."""
        if not self.variational:
            return dropout(states, self.p, training=self.training)
        if not self.training or self.p == 0.0:
            return states
        return states * dropout(torch.ones_like(states[:, :1]), self.p, training=True)
