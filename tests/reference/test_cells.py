"""Each recurrent cell against its equation, one step and one row at a time."""

import pytest
import torch

from seqtasks.backbone.cells import CELLS, recurrent_layer

INPUT, HIDDEN = 3, 4


def _rnn(activation):
    def step(x, h, c, w, u, b_w, b_u):
        return activation(w @ x + b_w + u @ h + b_u), c

    return step


def _lstm(x, h, c, w, u, b_w, b_u):
    i, f, g, o = (w @ x + b_w + u @ h + b_u).split(HIDDEN)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def _gru(x, h, c, w, u, b_w, b_u):
    (w_r, w_z, w_n), (u_r, u_z, u_n) = (w @ x + b_w).split(HIDDEN), (u @ h + b_u).split(HIDDEN)
    r, z = torch.sigmoid(w_r + u_r), torch.sigmoid(w_z + u_z)
    n = torch.tanh(w_n + r * u_n)
    return (1 - z) * n + z * h, c


EQUATIONS = {"rnn_tanh": _rnn(torch.tanh), "rnn_relu": _rnn(torch.relu), "lstm": _lstm, "gru": _gru}


@pytest.mark.parametrize("cell", CELLS)
def test_equation(cell):
    torch.manual_seed(0)
    layer = recurrent_layer(cell, INPUT, HIDDEN).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    inputs = torch.randn(2, 6, INPUT, dtype=torch.float64)
    states = layer(inputs)[0]
    for row, steps in enumerate(inputs):
        h = c = torch.zeros(HIDDEN, dtype=torch.float64)
        for time, x in enumerate(steps):
            h, c = EQUATIONS[cell](x, h, c, *layer.parameters())
            torch.testing.assert_close(states[row, time], h)


@pytest.mark.parametrize("cell", CELLS)
def test_weights_start_as_described(cell):
    layer = recurrent_layer(cell, INPUT, HIDDEN)
    for gate in layer.weight_hh_l0.split(HIDDEN):
        torch.testing.assert_close(gate @ gate.T, torch.eye(HIDDEN))
    biases = (layer.bias_ih_l0 + layer.bias_hh_l0).split(HIDDEN)
    for index, bias in enumerate(biases):
        forget_gate = cell == "lstm" and index == 1
        assert bias.tolist() == [float(forget_gate)] * HIDDEN


def test_an_unknown_cell_is_refused():
    with pytest.raises(ValueError, match='"lstmm" is unknown; expected one of rnn_tanh'):
        recurrent_layer("lstmm", INPUT, HIDDEN)
