"""One step of a recurrent layer as matrix products, which a decoder repeats; see `seqtasks.backbone.cells`.

ONNX's own recurrent operators are made for whole sequences. For a single step plain products are quicker, and with
weights of 8 bits they compute in integers whatever the cell.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import nn

from seqtasks.errors import ExportError
from seqtasks.export.graph import Graph, array


def cell_step(graph: Graph, layer: nn.Module, vectors: str, state: Sequence[str]) -> list[str]:
    """One step.

    Args:
        graph: to write to.
        layer: torch's layer, of one direction.
        vectors: what is read, `(rows, features)`.
        state: after the step before, `(rows, hidden)`: h, and of an LSTM c as well.

    Returns:
        The state after the step, likewise.

    Raises:
        ExportError: ONNX has no such cell.
    """
    layer = exportable(layer)
    weights = {name: array(weight) for name, weight in layer.named_parameters()}
    of_input, of_state = weights["weight_ih_l0"].T, weights["weight_hh_l0"].T
    biases = weights["bias_ih_l0"], weights["bias_hh_l0"]
    if isinstance(layer, nn.GRU):
        read = _product(graph, vectors, of_input, biases[0])
        recurrent = _product(graph, state[0], of_state, biases[1])
        return [_gru(graph, read, recurrent, state[0], layer.hidden_size)]
    both = graph.add("Concat", vectors, state[0], axis=-1)
    gates = _product(graph, both, np.concatenate([of_input, of_state]), biases[0] + biases[1])
    if isinstance(layer, nn.LSTM):
        return _lstm(graph, gates, state[1], layer.hidden_size)
    return [graph.add("Tanh" if layer.mode == "RNN_TANH" else "Relu", gates)]


def exportable(layer: nn.Module) -> nn.RNNBase:
    """The layer, if ONNX can run it.

    Raises:
        ExportError: it cannot.
    """
    if isinstance(layer, nn.RNNBase):
        return layer
    raise ExportError(
        f"cell: {type(layer).__name__.lower()} is not among the operators of ONNX; expected rnn_tanh, rnn_relu, "
        "lstm or gru; train with one of them to export"
    )


def _product(graph: Graph, value: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
    return graph.add("Add", graph.add("MatMul", value, graph.constant(weight)), graph.constant(bias))


def _lstm(graph: Graph, gates: str, cell: str, size: int) -> list[str]:
    """One step: c' = f c + i g,  h' = o tanh(c')."""
    parts = graph.add_many("Split", gates, graph.constant([2 * size, size, size]), outputs=3, axis=-1)
    admit, keep = graph.add_many(
        "Split", graph.add("Sigmoid", parts[0]), graph.constant([size, size]), outputs=2, axis=-1
    )
    new = graph.add("Mul", admit, graph.add("Tanh", parts[1]))
    cell = graph.add("Add", graph.add("Mul", keep, cell), new)
    return [graph.add("Mul", graph.add("Sigmoid", parts[2]), graph.add("Tanh", cell)), cell]


def _gru(graph: Graph, read: str, recurrent: str, state: str, size: int) -> str:
    """One step: h' = n + z (h - n),  n = tanh(x_n + r q)."""
    sizes = graph.constant([2 * size, size])
    read_gates, read_new = graph.add_many("Split", read, sizes, outputs=2, axis=-1)
    gates, new = graph.add_many("Split", recurrent, sizes, outputs=2, axis=-1)
    gates = graph.add("Sigmoid", graph.add("Add", read_gates, gates))
    reset, update = graph.add_many("Split", gates, graph.constant([size, size]), outputs=2, axis=-1)
    new = graph.add("Tanh", graph.add("Add", read_new, graph.add("Mul", reset, new)))
    return graph.add("Add", new, graph.add("Mul", update, graph.add("Sub", state, new)))
