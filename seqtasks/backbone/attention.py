"""Attention: a weighted sum of the read states, weighted by how well each fits the query.

    dot         s = q . m                                   Luong et al. 2015, arXiv:1508.04025
    general     s = q . W m                                 the same
    additive    s = v . tanh(W q + U m)                     Bahdanau et al. 2015, arXiv:1409.0473
    multihead   several scaled dot products side by side    Vaswani et al. 2017, arXiv:1706.03762

The memory is prepared once a sentence (`prepare`); after that a query may be one step of every hypothesis, or
all target steps at once.
"""

import math
from dataclasses import dataclass
from typing import Literal, Self

import torch
from torch import Tensor, nn

from seqtasks.backbone.encoding import Encoding
from seqtasks.backbone.masking import real_steps

AttentionName = Literal["dot", "general", "additive", "multihead"]

FARTHEST = 40.0
"""How far below the largest score another one counts, in nats."""


@dataclass(frozen=True)
class Memory:
    """Read states, ready to be attended to.

    Attributes:
        keys: compared with the query, `(batch, time, size)`.
        values: summed, `(batch, time, size)`.
        real: True at real steps, `(batch, 1, time)`.
    """

    keys: Tensor
    values: Tensor
    real: Tensor

    def keep(self, rows: Tensor) -> Self:
        """Only these rows `(rows,)`."""
        return type(self)(self.keys[rows], self.values[rows], self.real[rows])


class Attention(nn.Module):
    """One of the four kinds.

    Args:
        query_size: size of a query.
        memory_size: size of a read state; for `dot` it must equal `query_size`.
        kind: see the module.
        num_heads: of `multihead`; must divide `query_size`.

    Raises:
        ValueError: the sizes do not fit the kind.
    """

    def __init__(
        self, query_size: int, memory_size: int, *, kind: AttentionName = "general", num_heads: int = 4
    ) -> None:
        super().__init__()
        heads = num_heads if kind == "multihead" else 1
        if kind == "dot" and query_size != memory_size:
            raise ValueError(
                f"attention: dot compares vectors of one size, but queries have {query_size} and states {memory_size}; "
                'make them equal or use "general"'
            )
        if query_size % heads or memory_size % heads:
            raise ValueError(f"attention: {heads} heads do not divide {query_size} and {memory_size}; choose a divisor")
        self.kind = kind
        self.num_heads = heads
        self.key = nn.Identity() if kind == "dot" else nn.Linear(memory_size, query_size, bias=False)
        self.query = (
            nn.Linear(query_size, query_size, bias=False) if kind in ("additive", "multihead") else nn.Identity()
        )
        self.value = nn.Linear(memory_size, memory_size, bias=False) if kind == "multihead" else nn.Identity()
        if kind == "additive":
            self.score = nn.Linear(query_size, 1, bias=False)

    def prepare(self, encoding: Encoding) -> Memory:
        """Project the states of `(batch, time, memory_size)` once."""
        states = encoding.states
        real = real_steps(encoding.lengths, states.shape[1])[:, None]
        return Memory(keys=self.key(states), values=self.value(states), real=real)

    def forward(self, queries: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attend.

        Args:
            queries: `(batch, queries, query_size)`.
            memory: from `prepare`.

        Returns:
            Contexts `(batch, queries, memory_size)` and weights `(batch, queries, time)`, which sum to 1 over
            real steps and are 0 at padding; multihead weights are averaged over heads.
        """
        if self.kind == "multihead":
            return self._multihead(queries, memory)
        if self.kind == "additive":
            scores = self.score(torch.tanh(self.query(queries)[:, :, None] + memory.keys[:, None])).squeeze(-1)
        else:
            scores = queries @ memory.keys.transpose(1, 2)
        weights = _softmax(scores, memory.real)
        return weights @ memory.values, weights

    def _multihead(self, queries: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        def split(states: Tensor) -> Tensor:
            return states.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)

        heads, keys, values = split(self.query(queries)), split(memory.keys), split(memory.values)
        scores = heads @ keys.transpose(-1, -2) / math.sqrt(heads.shape[-1])
        weights = _softmax(scores, memory.real[:, None])
        return (weights @ values).transpose(1, 2).flatten(2), weights.mean(1)


def _softmax(scores: Tensor, real: Tensor) -> Tensor:
    """Weights over the real steps; those far below the largest count as equally far, and get no gradient.

    Left alone, sharp attention makes weights and gradients below 1e-38, and products with such numbers take a CPU ten
    times as long. e ** -FARTHEST is far below the precision of a sum of weights, so no output changes.
    """
    scores = scores.masked_fill(~real, -math.inf)
    lowest = scores.detach().amax(-1, keepdim=True) - FARTHEST
    return torch.maximum(scores, lowest).masked_fill(~real, -math.inf).softmax(-1)
