"""Dropout with one mask a step, or one mask for all steps."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


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
        if not self.training or self.p == 0.0:
            return states
        if not self.variational:
            return F.dropout(states, self.p)
        mask = torch.ones_like(states[:, :1])
        return states * F.dropout(mask, self.p)
