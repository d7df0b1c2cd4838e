"""Stacked recurrent layers as ONNX's LSTM, GRU and RNN operators.

They order the gates in their own way, and keep time as the first dimension. Given the lengths, they start the backward
direction at each row's own last step, end each direction there, and leave zeros at padding, as `seqtasks.backbone.RNN`
does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from seqtasks.backbone import RNN
from seqtasks.export.cell import exportable
from seqtasks.export.graph import Graph, array

_GATES = {"LSTM": (0, 3, 1, 2), "GRU": (1, 0, 2), "RNN": (0,)}
"""Where ONNX's gates stand in torch's weights: LSTM i o f c in i f c o, GRU z r h in r z h."""

Initial = Sequence[str]
"""The state before the first step, `(directions, batch, hidden)` each: h, and of an LSTM c as well; or nothing."""


@dataclass(frozen=True)
class Encoded:
    """What a head reads, by the names of the values in the graph; see `seqtasks.backbone.Encoding`.

    Attributes:
        states: `(batch, time, hidden)`, zero at padding.
        final: of the top layer, `(batch, hidden)`.
        lengths: int32 `(batch,)`.
    """

    states: str
    final: str
    lengths: str


def recurrent_layer(
    graph: Graph, directions: Sequence[nn.Module], steps: str, *, lengths: str, initial: Initial = ()
) -> tuple[str, list[str]]:
    """One layer of one or two directions.

    Args:
        graph: to write to.
        directions: torch's layer, and that of the backward direction if there is one.
        steps: `(time, batch, features)`.
        lengths: int32 `(batch,)`.
        initial: the state before the first step; none: zero.

    Returns:
        All states `(time, directions, batch, hidden)`, and the parts of the last, `(directions, batch, hidden)` each.

    Raises:
        ExportError: ONNX has no such cell.
    """
    layer = exportable(directions[0])
    weights = [dict(direction.named_parameters()) for direction in directions]
    op, _, activation = layer.mode.partition("_")
    order = _GATES[op]

    def stacked(*names: str) -> str:
        return graph.constant(np.stack([np.concatenate([_gates(each[n], order) for n in names]) for each in weights]))

    attributes: dict[str, Any] = {
        "hidden_size": layer.hidden_size,
        "direction": "bidirectional" if len(directions) == 2 else "forward",
    }
    if op == "GRU":
        attributes["linear_before_reset"] = 1
    if activation:
        attributes["activations"] = [activation.capitalize()] * len(directions)
    states, *last = graph.add_many(
        op,
        steps,
        stacked("weight_ih_l0"),
        stacked("weight_hh_l0"),
        stacked("bias_ih_l0", "bias_hh_l0"),
        lengths,
        *initial,
        outputs=3 if op == "LSTM" else 2,
        **attributes,
    )
    return states, last


def _gates(weight: Tensor, order: Sequence[int]) -> NDArray[np.float32]:
    gates = np.split(array(weight), len(order))
    return np.concatenate([gates[index] for index in order])


def read(graph: Graph, rnn: RNN, vectors: str, lengths: str) -> Encoded:
    """`seqtasks.backbone.RNN` over `(batch, time, features)`."""
    steps = graph.transpose(vectors, 1, 0, 2)
    final = ""
    for index, layer in enumerate(rnn.forward_layers):
        directions = [layer, *rnn.backward_layers[index : index + 1]]
        learned = [*rnn.forward_initial[index : index + 1], *rnn.backward_initial[index : index + 1]]
        initial = _repeated(graph, learned, graph.dimension(vectors, 0)) if learned else []
        states, last = recurrent_layer(graph, directions, steps, lengths=lengths, initial=initial)
        states = graph.reshape(graph.transpose(states, 0, 2, 1, 3), 0, 0, -1)
        final = graph.reshape(graph.transpose(last[0], 1, 0, 2), 0, -1)
        if rnn.norms:
            states, final = (normalized(graph, rnn.norms[index], value) for value in (states, final))
        if rnn.residual and getattr(layer, "input_size", None) == rnn.output_size:
            states = graph.add("Add", states, steps)
        steps = states
    states = graph.transpose(steps, 1, 0, 2)
    if rnn.norms or rnn.residual:  # else padding is zero already
        real = graph.unsqueeze(real_steps(graph, states, lengths), 2)
        states = graph.add("Where", real, states, graph.number(0))
    return Encoded(states, final, lengths)


def _repeated(graph: Graph, learned: Sequence[Tensor], batch: str) -> list[str]:
    """Learned initial states `(parts, hidden)` of each direction, for every row of the batch."""
    parts = np.stack([array(state) for state in learned], axis=1)[:, :, None]  # (parts, directions, 1, hidden)
    shape = graph.add("Concat", graph.constant([len(learned)]), batch, graph.constant([parts.shape[-1]]), axis=0)
    return [graph.add("Expand", graph.constant(part), shape) for part in parts]


def normalized(graph: Graph, norm: nn.Module, value: str) -> str:
    """`nn.LayerNorm` over the last dimension."""
    if not isinstance(norm, nn.LayerNorm):
        raise TypeError(f"norm: {type(norm).__name__} was given; expected nn.LayerNorm")
    weights = graph.weight(norm.weight), graph.weight(norm.bias)
    return graph.add("LayerNormalization", value, *weights, axis=-1, epsilon=norm.eps)


def real_steps(graph: Graph, states: str, lengths: str) -> str:
    """True at real steps, `(batch, time)`, for states `(batch, time, ...)`."""
    time = graph.add("Squeeze", graph.dimension(states, 1), graph.constant([0]))
    steps = graph.add("Range", graph.constant(0), time, graph.constant(1))
    ends = graph.unsqueeze(graph.add("Cast", lengths, to=7), 1)
    return graph.add("Less", steps, ends)
