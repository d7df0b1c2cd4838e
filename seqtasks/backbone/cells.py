"""The recurrent cells, by name.

    rnn_tanh   h' = tanh(W x + U h + b)                                   Elman 1990
    rnn_relu   h' = relu(W x + U h + b)                                   Le et al. 2015, arXiv:1504.00941
    lstm       c' = f c + i g,  h' = o tanh(c')                           Hochreiter and Schmidhuber 1997
    gru        h' = (1 - z) n + z h                                       Cho et al. 2014, arXiv:1406.1078
    mingru     h' = (1 - z) h + z c,  z and c of x alone                  Feng et al. 2024, arXiv:2410.01201
    minlstm    h' = f h + i c,  f + i = 1,  f, i and c of x alone         the same

Each is a layer that is run over a whole padded sequence in one direction. The first four are those that torch ships: on
a CPU they are faster than any loop of cells, and on a GPU they are cuDNN's; only the GRU has a step of its own for
training on a CPU. The last two are ours, and several times faster on long sequences, because only element-wise work is
left in their recurrence.
"""

from typing import Literal, get_args

import torch
from torch import nn

from seqtasks.backbone.gru import GRU
from seqtasks.backbone.min_cells import MinCell, MinGRU, MinLSTM

CellName = Literal["rnn_tanh", "rnn_relu", "lstm", "gru", "mingru", "minlstm"]
CELLS: tuple[CellName, ...] = get_args(CellName)

Initialization = Literal["orthogonal", "identity"]


def recurrent_layer(
    cell: CellName, input_size: int, hidden_size: int, *, initialization: Initialization = "orthogonal"
) -> nn.RNNBase | MinCell:
    """One layer in one direction, `(batch, time, input_size)` to `(batch, time, hidden_size)`.

    Args:
        cell: one of `CELLS`.
        input_size: features of a step.
        hidden_size: units.
        initialization: where the weights start. `orthogonal`: recurrent weights orthogonal (Saxe et al. 2014,
            arXiv:1312.6120), input weights as Glorot has them, biases at zero, and an LSTM's forget gate at one
            (Jozefowicz et al. 2015). `identity`, for rnn_tanh and rnn_relu: recurrent weights the identity, so that
            a state stays until something is read, small input weights (Le et al. 2015, arXiv:1504.00941). The
            min cells have no recurrent weights and start as `MinCell` says.

    Raises:
        ValueError: an unknown cell, or one that cannot start at the identity.
    """
    if cell not in CELLS:
        raise ValueError(f'cell: "{cell}" is unknown; expected one of {", ".join(CELLS)}')
    if initialization == "identity" and not cell.startswith("rnn_"):
        raise ValueError(
            f'initialization: "identity" does not fit {cell}; it is for rnn_tanh and rnn_relu; '
            'change the cell or use "orthogonal"'
        )
    if cell == "mingru":
        return MinGRU(input_size, hidden_size)
    if cell == "minlstm":
        return MinLSTM(input_size, hidden_size)
    layer: nn.RNNBase
    if cell == "lstm":
        layer = nn.LSTM(input_size, hidden_size, batch_first=True)
    elif cell == "gru":
        layer = GRU(input_size, hidden_size)
    else:
        layer = nn.RNN(input_size, hidden_size, batch_first=True, nonlinearity=cell.removeprefix("rnn_"))
    _initialise(layer, initialization)
    return layer


@torch.no_grad()
def _initialise(layer: nn.RNNBase, initialization: Initialization) -> None:
    weights, hidden_size = dict(layer.named_parameters()), layer.hidden_size
    nn.init.zeros_(weights["bias_ih_l0"])
    nn.init.zeros_(weights["bias_hh_l0"])
    if initialization == "identity":
        nn.init.eye_(weights["weight_hh_l0"])
        nn.init.normal_(weights["weight_ih_l0"], std=0.001)
        return
    for gate in weights["weight_hh_l0"].split(hidden_size):
        nn.init.orthogonal_(gate)
    for gate in weights["weight_ih_l0"].split(hidden_size):
        nn.init.xavier_uniform_(gate)
    if isinstance(layer, nn.LSTM):
        weights["bias_ih_l0"][hidden_size : 2 * hidden_size].fill_(1.0)
