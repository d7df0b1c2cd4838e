"""A recurrent layer step by step, where a part of each input is known only after the step before.

What is known beforehand is multiplied for all steps at once; in the loop remain the products that must wait:

    gates_t = W x_t + b                                all t at once
    h_t     = cell(gates_t + V y_{t-1}, h_{t-1})       one t after the other
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone.min_cells import MinCell

Hidden = tuple[Tensor, ...]
"""State of one layer, each `(..., hidden)`: an LSTM has two tensors, other cells one."""


def one_step(layer: nn.Module, inputs: Tensor, hidden: Hidden) -> Hidden:
    """One step of a layer that `recurrent_layer` has made, without gradient.

    A layer called for a single step costs several times as much where there are few rows: on a CPU oneDNN brings an
    LSTM's weights into its own order at every call.

    Args:
        layer: in one direction.
        inputs: `(rows, input_size)`.
        hidden: after the step before, each `(rows, hidden)`.

    Returns:
        The new state; its first tensor is the layer's output.
    """
    if isinstance(layer, MinCell):
        keep, add = layer.coefficients(layer.projection(inputs))
        return (keep * hidden[0] + add,)
    weights = [layer.get_parameter(f"{name}_l0") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    if isinstance(layer, nn.LSTM):
        return torch.lstm_cell(inputs, hidden, *weights)
    if isinstance(layer, nn.GRU):
        return (torch.gru_cell(inputs, hidden[0], *weights),)
    cell = torch.rnn_relu_cell if getattr(layer, "mode", None) == "RNN_RELU" else torch.rnn_tanh_cell
    return (cell(inputs, hidden[0], *weights),)


class Stepper:
    """Runs a layer that `recurrent_layer` has made.

    Args:
        layer: in one direction.
        known_size: leading features of its input that are known beforehand.
    """

    def __init__(self, layer: nn.Module, known_size: int) -> None:
        self.layer = layer
        if isinstance(layer, MinCell):
            weight, self._bias = layer.projection.weight, layer.projection.bias
        else:
            weight, self._bias = layer.get_parameter("weight_ih_l0"), layer.get_parameter("bias_ih_l0")
        self._known, self._late = weight[:, :known_size], weight[:, known_size:]

    def gates(self, known: Tensor) -> Tensor:
        """The part of the gates that waits for nothing, from `(..., known_size)`."""
        return F.linear(known, self._known, self._bias)

    def __call__(self, gates: Tensor, late: Tensor, hidden: Hidden) -> Hidden:
        """One step.

        Args:
            gates: from `gates`, `(..., gates)`.
            late: the rest of the input, `(..., input_size - known_size)`.
            hidden: after the step before.

        Returns:
            The new state; its first tensor is the layer's output.
        """
        gates = gates + F.linear(late, self._late)
        layer, state = self.layer, hidden[0]
        if isinstance(layer, MinCell):
            keep, add = layer.coefficients(gates)
            return (keep * state + add,)
        recurrent = F.linear(state, layer.get_parameter("weight_hh_l0"), layer.get_parameter("bias_hh_l0"))
        if isinstance(layer, nn.GRU):
            update_in, new_in = gates.tensor_split([2 * state.shape[-1]], dim=-1)
            update, new = recurrent.tensor_split([2 * state.shape[-1]], dim=-1)
            reset, keep = torch.sigmoid(update_in + update).chunk(2, dim=-1)
            return (torch.lerp(torch.tanh(new_in + reset * new), state, keep),)
        gates = gates + recurrent
        if isinstance(layer, nn.LSTM):
            write, forget, candidate, read = gates.chunk(4, dim=-1)
            cell = torch.sigmoid(forget) * hidden[1] + torch.sigmoid(write) * torch.tanh(candidate)
            return torch.sigmoid(read) * torch.tanh(cell), cell
        return (torch.relu(gates) if getattr(layer, "mode", None) == "RNN_RELU" else torch.tanh(gates),)
