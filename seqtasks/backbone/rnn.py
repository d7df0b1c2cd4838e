"""The backbone: stacked, optionally bidirectional recurrent layers that padding cannot reach.

torch's own layers either read padding in the backward direction or need packed sequences, which take a slow
path on a CPU. Here the backward direction is a second forward layer over rows reversed within their
lengths: it starts at a real token, results equal the packed ones, and padded batches keep the fast path.
"""

import torch
from torch import Tensor, nn

from seqtasks.backbone.cells import CellName, recurrent_layer
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding
from seqtasks.backbone.masking import real_steps, reversal, reverse


class RNN(nn.Module):
    """Stacked recurrent layers.

    Args:
        input_size: features of a step.
        cell: one of `seqtasks.backbone.cells.CELLS`.
        hidden_size: units of each direction.
        num_layers: layers on top of each other.
        bidirectional: each layer also reads from the last real step to the first; states are concatenated.
        dropout: on the output of every layer.
        variational_dropout: the same units are dropped at every step (Gal and Ghahramani 2016, arXiv:1512.05287).
        residual: a layer's input is added to its output where their sizes agree.
        layer_norm: layer normalisation of every layer's output (Ba et al. 2016, arXiv:1607.06450).

    Example:
        >>> rnn = RNN(8, cell="lstm", hidden_size=16, bidirectional=True)
        >>> rnn(torch.zeros(2, 5, 8), torch.tensor([5, 3])).states.shape
        torch.Size([2, 5, 32])
    """

    def __init__(
        self,
        input_size: int,
        *,
        cell: CellName = "gru",
        hidden_size: int = 256,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        variational_dropout: bool = False,
        residual: bool = False,
        layer_norm: bool = False,
    ) -> None:
        super().__init__()
        self.output_size = hidden_size * (2 if bidirectional else 1)
        self.residual = residual
        sizes = [input_size, *[self.output_size] * (num_layers - 1)]
        self.forward_layers = nn.ModuleList(recurrent_layer(cell, size, hidden_size) for size in sizes)
        self.backward_layers = nn.ModuleList(
            recurrent_layer(cell, size, hidden_size) for size in sizes if bidirectional
        )
        self.norms = nn.ModuleList(nn.LayerNorm(self.output_size) for _ in sizes if layer_norm)
        self.dropout = Dropout(dropout, variational=variational_dropout)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None) -> Encoding:
        """Read sequences.

        Args:
            inputs: `(batch, time, input_size)`; what stands at padding does not matter.
            lengths: real steps of each row, at least 1, `(batch,)`; None: all steps are real.

        Returns:
            States `(batch, time, output_size)`, final `(num_layers, batch, output_size)`.
        """
        batch, time, _ = inputs.shape
        if lengths is None:
            lengths = torch.full((batch,), time, device=inputs.device)
        order = reversal(lengths, time) if self.backward_layers else None
        last = (lengths - 1)[:, None, None]
        finals = []
        for index, forward_layer in enumerate(self.forward_layers):
            states = forward_layer(inputs)[0]
            final = states.gather(1, last.expand(-1, 1, states.shape[-1]))
            if order is not None:
                backward = self.backward_layers[index](reverse(inputs, order))[0]
                final = torch.cat([final, backward.gather(1, last.expand(-1, 1, backward.shape[-1]))], dim=-1)
                states = torch.cat([states, reverse(backward, order)], dim=-1)
            if self.norms:
                states, final = self.norms[index](states), self.norms[index](final)
            if self.residual and inputs.shape == states.shape:
                states = states + inputs
            finals.append(final.squeeze(1))
            inputs = self.dropout(states)
        states = inputs.masked_fill(~real_steps(lengths, time)[..., None], 0.0)
        return Encoding(states, torch.stack(finals), lengths)
