"""`Encoding`: what an input or a backbone hands to a head."""

from dataclasses import dataclass

from torch import Tensor

State = tuple[tuple[Tensor, ...], ...]
"""What each layer carries from one step to the next, `(batch, hidden)`: h, and for an LSTM the cell state c as well."""


@dataclass(frozen=True)
class Encoding:
    """A read input.

    Attributes:
        states: one vector a step (or region of a picture), `(batch, time, hidden)`; zero at padding.
        final: what is known at the end, `(layers, batch, hidden)`, the top layer last. Each direction of a
            bidirectional layer contributes the state after its own last real step.
        lengths: real steps of each row, `(batch,)`.
        state: after the last step, to read on from; None where rows end at different steps or are also read backwards.
    """

    states: Tensor
    final: Tensor
    lengths: Tensor
    state: State | None = None
