"""From the states of a sequence to one vector."""

from typing import Literal

import torch
from torch import Tensor, nn

from seqtasks.backbone import Encoding, real_steps

PoolingName = Literal["final", "mean", "max", "attention"]


class Pooling(nn.Module):
    """One vector for a whole sequence.

    Args:
        input_size: of a state.
        kind: `final` takes each direction's state after its last real step, `mean` and `max` run over real
            steps, `attention` weighs them by a learned score (Yang et al. 2016).
    """

    def __init__(self, input_size: int, *, kind: PoolingName = "final") -> None:
        super().__init__()
        self.kind = kind
        if kind == "attention":
            self.score = nn.Linear(input_size, 1)

    def forward(self, encoding: Encoding) -> Tensor:
        """To `(batch, input_size)`."""
        if self.kind == "final":
            return encoding.final[-1]
        if self.kind == "mean":
            return encoding.states.sum(1) / encoding.lengths[:, None]
        padding = ~real_steps(encoding.lengths, encoding.states.shape[1])[..., None]
        if self.kind == "max":
            return encoding.states.masked_fill(padding, -torch.inf).amax(1)
        weights = self.score(encoding.states).masked_fill(padding, -torch.inf).softmax(1)
        return (weights * encoding.states).sum(1)
