"""Each recurrent cell against its equation, one step and one row at a time; the linear recurrence."""

import math

import pytest
import torch

from seqtasks.backbone.cells import CELLS, recurrent_layer
from seqtasks.backbone.scan import doubling, linear_scan, loop

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


def _mingru(x, h, c, w, b):
    z, candidate = (w @ x + b).split(HIDDEN)
    z = torch.sigmoid(z)
    return (1 - z) * h + z * candidate, c


def _minlstm(x, h, c, w, b):
    f, i, candidate = (w @ x + b).split(HIDDEN)
    f, i = torch.sigmoid(f), torch.sigmoid(i)
    return f / (f + i) * h + i / (f + i) * candidate, c


EQUATIONS = {
    "rnn_tanh": _rnn(torch.tanh),
    "rnn_relu": _rnn(torch.relu),
    "lstm": _lstm,
    "gru": _gru,
    "mingru": _mingru,
    "minlstm": _minlstm,
}
MIN_CELLS = ["mingru", "minlstm"]
TORCH_CELLS = [cell for cell in CELLS if cell not in MIN_CELLS]


@pytest.mark.parametrize("cell", CELLS)
def test_equation(cell):
    torch.manual_seed(0)
    layer = recurrent_layer(cell, INPUT, HIDDEN).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    inputs = torch.randn(2, 6, INPUT, dtype=torch.float64)
    parts = torch.randn(2, 1, 2, HIDDEN, dtype=torch.float64)
    states, final = layer(inputs, tuple(parts) if cell == "lstm" else parts[0])
    for row, steps in enumerate(inputs):
        h, c = parts[:, 0, row]
        for time, x in enumerate(steps):
            h, c = EQUATIONS[cell](x, h, c, *layer.parameters())
            torch.testing.assert_close(states[row, time], h)
        torch.testing.assert_close((final[0] if cell == "lstm" else final)[0, row], h)


@pytest.mark.parametrize("cell", TORCH_CELLS)
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


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu"])
def test_identity_keeps_the_state(cell):
    torch.manual_seed(0)
    layer = recurrent_layer(cell, INPUT, 50, initialization="identity")
    state = torch.rand(1, 2, 50) * 0.01
    states, _ = layer(torch.zeros(2, 3, INPUT), state)
    torch.testing.assert_close(states, state.transpose(0, 1).expand(2, 3, 50), rtol=1e-3, atol=0.0)
    assert float(layer.weight_ih_l0.data.std()) == pytest.approx(0.001, rel=0.3)


@pytest.mark.parametrize("cell", ["lstm", "gru", *MIN_CELLS])
def test_identity_is_refused_where_it_does_not_fit(cell):
    with pytest.raises(ValueError, match=f'"identity" does not fit {cell}; it is for rnn_tanh and rnn_relu'):
        recurrent_layer(cell, INPUT, HIDDEN, initialization="identity")


# Cells whose gates do not see the state -------------------------------------------------------------------------


@pytest.mark.parametrize("cell", MIN_CELLS)
def test_memories_start_between_2_and_64_steps(cell):
    torch.manual_seed(0)
    layer = recurrent_layer(cell, INPUT, HIDDEN)
    states, _ = layer(torch.zeros(1, 1, INPUT), torch.ones(1, 1, HIDDEN))
    memories = 1 / (1 - states[0, 0])
    torch.testing.assert_close(memories[[0, -1]], torch.tensor([2.0, 64.0]), rtol=1e-3, atol=0.0)
    assert (memories.diff() > 0).all()
    for part in layer.projection.weight.split(HIDDEN):
        assert 0.5 < float(part.data.abs().max()) / math.sqrt(6 / (INPUT + HIDDEN)) <= 1.0


def test_minlstm_has_a_state_where_both_gates_are_shut():
    """f and i are both 0 in float32 here, but they are equal: half is kept, half is written."""
    layer = recurrent_layer("minlstm", INPUT, HIDDEN)
    torch.nn.init.zeros_(layer.projection.weight)
    layer.projection.bias.data[:] = torch.tensor([-200.0, -200.0, 1.0]).repeat_interleave(HIDDEN)
    states, _ = layer(torch.zeros(1, 3, INPUT))
    states.sum().backward()
    torch.testing.assert_close(states[0, :, 0], torch.tensor([0.5, 0.75, 0.875]))
    assert layer.projection.bias.grad.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_long_memories_are_exact_in_any_precision(dtype):
    """A thousandth is written in each of 2000 steps."""
    layer = recurrent_layer("mingru", INPUT, HIDDEN).to(dtype)
    torch.nn.init.zeros_(layer.projection.weight)
    layer.projection.bias.data[:] = torch.tensor([math.log(0.001 / 0.999), 1.0]).repeat_interleave(HIDDEN)
    states, final = layer(torch.zeros(1, 2000, INPUT, dtype=dtype))
    assert states.dtype == final.dtype == dtype
    expected = torch.tensor([1 - 0.999**steps for steps in (1000, 2000)])
    torch.testing.assert_close(states[0, [999, 1999], 0].float(), expected, rtol=1e-2, atol=0.0)


# The linear recurrence ------------------------------------------------------------------------------------------


def _coefficients(time: int) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(time)
    shapes = [(time, 2, 3), (time, 2, 3), (2, 3)]
    return tuple(torch.rand(shape, dtype=torch.float64).requires_grad_() for shape in shapes)


@pytest.mark.parametrize("time", [1, 2, 7])
def test_gradients_of_the_scan(time):
    assert torch.autograd.gradcheck(linear_scan, _coefficients(time))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("time", [0, 1, 2, 3, 8, 13])
def test_doubling_equals_the_loop(time, reverse):
    a, b, state = (tensor.detach() for tensor in _coefficients(time))
    found, expected = torch.empty_like(b), torch.empty_like(b)
    doubling(a, b, state, out=found, reverse=reverse)
    loop(a, b, state, out=expected, reverse=reverse)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def test_the_scan_in_reverse_starts_at_the_last_step():
    a, b, state = (tensor.detach() for tensor in _coefficients(5))
    found, expected = torch.empty_like(b), torch.empty_like(b)
    loop(a, b, state, out=found, reverse=True)
    loop(a.flip(0), b.flip(0), state, out=expected)
    torch.testing.assert_close(found, expected.flip(0))
