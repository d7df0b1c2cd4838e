"""The backbone: stacked, optionally bidirectional recurrent layers that padding cannot reach.

torch's own layers either read padding in the backward direction or need packed sequences, which take a slow
path on a CPU. Here the backward direction is a second forward layer over rows reversed within their
lengths: it starts at a real token, results equal the packed ones, and padded batches keep the fast path.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.func import functional_call

from seqtasks.backbone.cells import CellName, Initialization, recurrent_layer
from seqtasks.backbone.dropout import Dropout, dropout
from seqtasks.backbone.encoding import Encoding, State
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
        initialization: where recurrent weights start; see `recurrent_layer`.
        learn_initial_state: each layer and direction learns the state before its first step, which is zero otherwise.
        weight_dropout: share of recurrent weights that are dropped in training, the same at every step of a batch
            (DropConnect in AWD-LSTM, Merity et al. 2018, arXiv:1708.02182).

    Raises:
        ValueError: an option that the cell cannot have.

    Examples:
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
        initialization: Initialization = "orthogonal",
        learn_initial_state: bool = False,
        weight_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if weight_dropout > 0.0 and cell.startswith("min"):
            raise ValueError(
                f"weight_dropout: {cell} has no recurrent weights to drop; "
                "leave it out, or use rnn_tanh, rnn_relu, lstm or gru"
            )
        self.output_size = hidden_size * (2 if bidirectional else 1)
        self.residual = residual
        self.weight_dropout = weight_dropout
        sizes = [input_size, *[self.output_size] * (num_layers - 1)]

        def layers() -> nn.ModuleList:
            return nn.ModuleList(
                recurrent_layer(cell, size, hidden_size, initialization=initialization) for size in sizes
            )

        def initial_states() -> nn.ParameterList:
            parts = 2 if cell == "lstm" else 1
            return nn.ParameterList(torch.zeros(parts, hidden_size) for _ in sizes if learn_initial_state)

        self.forward_layers, self.forward_initial = layers(), initial_states()
        self.backward_layers, self.backward_initial = nn.ModuleList(), nn.ParameterList()
        if bidirectional:
            self.backward_layers, self.backward_initial = layers(), initial_states()
        self.norms = nn.ModuleList(nn.LayerNorm(self.output_size) for _ in sizes if layer_norm)
        self.dropout = Dropout(dropout, variational=variational_dropout)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None, state: State | None = None) -> Encoding:
        """Read sequences.

        Args:
            inputs: `(batch, time, input_size)`; what stands at padding does not matter.
            lengths: real steps of each row, at least 1, `(batch,)`; None: all steps are real.
            state: to read on from, the `Encoding.state` of the steps before these; None: the first steps.

        Returns:
            States `(batch, time, output_size)`, final `(num_layers, batch, output_size)`, and the state to read on
            from if all steps are real and read in one direction.

        Raises:
            ValueError: a state with lengths or two directions, or of another number of layers.
        """
        batch, time, _ = inputs.shape
        can_continue = lengths is None and not self.backward_layers
        if state is not None:
            self._check(state, can_continue)
        if lengths is None:
            lengths = torch.full((batch,), time, device=inputs.device)
        order = reversal(lengths, time) if self.backward_layers else None
        last = (lengths - 1)[:, None, None]
        starts = state or self.forward_initial or [None] * len(self.forward_layers)
        finals, carried = [], []
        for index, (layer, start) in enumerate(zip(self.forward_layers, starts, strict=True)):
            states, after = self._run(layer, inputs, start)
            carried.append(after)
            final = states.gather(1, last.expand(-1, 1, states.shape[-1]))
            if order is not None:
                start = self.backward_initial[index] if self.backward_initial else None
                backward, _ = self._run(self.backward_layers[index], reverse(inputs, order), start)
                final = torch.cat([final, backward.gather(1, last.expand(-1, 1, backward.shape[-1]))], dim=-1)
                states = torch.cat([states, reverse(backward, order)], dim=-1)
            if self.norms:
                states, final = self.norms[index](states), self.norms[index](final)
            if self.residual and inputs.shape == states.shape:
                states = states + inputs
            finals.append(final.squeeze(1))
            inputs = self.dropout(states)
        states = inputs.masked_fill(~real_steps(lengths, time)[..., None], 0.0)
        return Encoding(states, torch.stack(finals), lengths, tuple(carried) if can_continue else None)

    def _check(self, state: State, can_continue: bool) -> None:
        if self.backward_layers:
            raise ValueError(
                "state: given to a bidirectional RNN, which reads from the end as well; expected one direction; "
                "give the whole sequence at once, or set bidirectional to False"
            )
        if not can_continue:
            raise ValueError(
                "state: given together with lengths; expected rows whose steps are all real; leave lengths out"
            )
        if len(state) != len(self.forward_layers):
            raise ValueError(
                f"state: of {len(state)} layers; expected {len(self.forward_layers)}; "
                "pass on the Encoding.state of this RNN"
            )

    def _run(
        self, layer: nn.Module, inputs: Tensor, start: Iterable[Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """One layer in one direction from parts of a state, `(batch, hidden)` or `(hidden,)`, to all and the last."""
        initial: tuple[Tensor, ...] | Tensor | None = None
        if start is not None:
            parts = tuple(part.expand(len(inputs), -1)[None].contiguous() for part in start)
            initial = parts if len(parts) > 1 else parts[0]
        if self.training and self.weight_dropout > 0.0:
            dropped = dropout(layer.get_parameter("weight_hh_l0"), self.weight_dropout, training=True)
            states, after = functional_call(layer, {"weight_hh_l0": dropped}, (inputs, initial))
        else:
            states, after = layer(inputs, initial)
        after = after if isinstance(after, tuple) else (after,)
        return states, tuple(part.squeeze(0) for part in after)
