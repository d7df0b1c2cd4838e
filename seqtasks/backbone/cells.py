"""The recurrent cells, by name.

    rnn_tanh   h' = tanh(W x + U h + b)                                   Elman 1990
    rnn_relu   h' = relu(W x + U h + b)                                   Le et al. 2015, arXiv:1504.00941
    lstm       c' = f c + i g,  h' = o tanh(c')                           Hochreiter and Schmidhuber 1997
    gru        h' = (1 - z) n + z h                                       Cho et al. 2014, arXiv:1406.1078

Each is the layer that torch ships, run over a whole padded sequence in one direction: on a CPU that is
faster than any loop of cells, and on a GPU it is cuDNN's.
"""

from typing import Literal, get_args

import torch
from torch import nn

CellName = Literal["rnn_tanh", "rnn_relu", "lstm", "gru"]
CELLS: tuple[CellName, ...] = get_args(CellName)


def recurrent_layer(cell: CellName, input_size: int, hidden_size: int) -> nn.RNNBase:
    """One layer in one direction, `(batch, time, input_size)` to `(batch, time, hidden_size)`.

    Recurrent weights start orthogonal (Saxe et al. 2014, arXiv:1312.6120), input weights as Glorot has them,
    biases at zero, and an LSTM's forget gate at one (Jozefowicz et al. 2015).

    Raises:
        ValueError: `cell` is not one of `CELLS`.
    """
    if cell not in CELLS:
        raise ValueError(f'cell: "{cell}" is unknown; expected one of {", ".join(CELLS)}')
    layer: nn.RNNBase
    if cell == "lstm":
        layer = nn.LSTM(input_size, hidden_size, batch_first=True)
    elif cell == "gru":
        layer = nn.GRU(input_size, hidden_size, batch_first=True)
    else:
        layer = nn.RNN(input_size, hidden_size, batch_first=True, nonlinearity=cell.removeprefix("rnn_"))
    _initialise(layer, hidden_size)
    return layer


@torch.no_grad()
def _initialise(layer: nn.RNNBase, hidden_size: int) -> None:
    weights = dict(layer.named_parameters())
    for gate in weights["weight_hh_l0"].split(hidden_size):
        nn.init.orthogonal_(gate)
    for gate in weights["weight_ih_l0"].split(hidden_size):
        nn.init.xavier_uniform_(gate)
    nn.init.zeros_(weights["bias_ih_l0"])
    nn.init.zeros_(weights["bias_hh_l0"])
    if isinstance(layer, nn.LSTM):
        weights["bias_ih_l0"][hidden_size : 2 * hidden_size].fill_(1.0)
