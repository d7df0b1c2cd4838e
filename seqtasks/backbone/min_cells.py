"""Cells whose gates do not look at the state (Feng et al. 2024, arXiv:2410.01201).

    minGRU     z = sigmoid(W_z x + b_z),  c = W_c x + b_c,  h' = (1 - z) h + z c
    minLSTM    f = sigmoid(W_f x + b_f),  i = sigmoid(W_i x + b_i),  h' = f / (f + i) h + i / (f + i) c

So the gates and candidates of all steps are one matrix product, and what remains is a linear recurrence, which
`linear_scan` runs.
"""

import math
from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone.scan import linear_scan

LONGEST_MEMORY = 64
"""Steps over which the most patient unit remembers before training (time constant)."""


class MinCell(nn.Module):
    """What the two cells share: one layer in one direction, called as `nn.GRU(batch_first=True)` is.

    Input weights start as Glorot has them. Gate biases start so that a unit keeps sigmoid(b) of its state a step, with
    b spread evenly over 0 ... log(LONGEST_MEMORY - 1): memories of 2 to `LONGEST_MEMORY` steps. A gate that cannot see
    the state has only its bias to hold it by; Feng et al. find that a raised forget bias makes training faster and
    steadier, and the spread over time scales follows Tallec and Ollivier 2018, arXiv:1804.11188.

    Args:
        input_size: features of a step.
        hidden_size: units.
    """

    gates: tuple[int, ...]
    """One for each gate: 1 where a larger bias makes memory longer, -1 where it makes it shorter."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.projection = nn.Linear(input_size, (len(self.gates) + 1) * hidden_size)
        self._initialise()

    @torch.no_grad()
    def _initialise(self) -> None:
        for part in self.projection.weight.split(self.hidden_size):
            nn.init.xavier_uniform_(part)
        keep = torch.linspace(0.0, math.log(LONGEST_MEMORY - 1), self.hidden_size)
        self.projection.bias.copy_(torch.cat([sign * keep for sign in (*self.gates, 0)]))

    def forward(self, inputs: Tensor, initial: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read sequences.

        Args:
            inputs: `(batch, time, input_size)`.
            initial: the state before the first step, `(1, batch, hidden_size)`; None: zeros.

        Returns:
            All states `(batch, time, hidden_size)`, and the last one `(1, batch, hidden_size)`.
        """
        projected = self.projection(inputs.transpose(0, 1).contiguous())
        keep, add = self.coefficients(projected)
        start = torch.zeros_like(add[0]) if initial is None else initial[0].to(add.dtype)
        states = linear_scan(keep, add, start).to(projected.dtype)
        return states.transpose(0, 1), states[-1:]

    def coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        """What is kept of the state and what is added, from gates before their sigmoids and candidates."""
        # Half precision has few numbers just below 1, where long memories lie.
        return self._coefficients(projected.to(torch.promote_types(projected.dtype, torch.float32)))

    @abstractmethod
    def _coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        """The cell's own equations."""


class MinGRU(MinCell):
    """h' = (1 - z) h + z c. Arguments and first weights: see `MinCell`."""

    gates = (-1,)

    def _coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        update, candidate = projected.chunk(2, dim=-1)
        z = torch.sigmoid(update)
        return 1 - z, z * candidate


class MinLSTM(MinCell):
    """h' = f / (f + i) h + i / (f + i) c. Arguments and first weights: see `MinCell`."""

    gates = (1, -1)  # f of b and i of -b give f / (f + i) = sigmoid(b)

    def _coefficients(self, projected: Tensor) -> tuple[Tensor, Tensor]:
        forget, write, candidate = projected.chunk(3, dim=-1)
        # i / (f + i) = sigmoid(log i - log f), which has no sum to divide by that could become zero.
        i = torch.sigmoid(F.logsigmoid(write) - F.logsigmoid(forget))
        return 1 - i, i * candidate
