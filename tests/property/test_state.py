"""A sequence that is read in pieces, the state carried on, gives what it gives in one piece."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from seqtasks import RNN
from seqtasks.backbone.cells import CELLS

TIME, SIZE = 6, 4
CUTS = st.one_of(st.just(set(range(1, TIME))), st.sets(st.integers(1, TIME - 1)))
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _read(rnn: RNN, inputs: Tensor, cuts: set[int]) -> Tensor:
    state, pieces = None, []
    for begin, end in pairwise([0, *sorted(cuts), TIME]):
        encoding = rnn(inputs[:, begin:end], state=state)
        pieces.append(encoding.states)
        state = encoding.state
    return torch.cat(pieces, dim=1)


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=12, deadline=None)
@given(
    cuts=CUTS,
    num_layers=st.integers(1, 2),
    residual=st.booleans(),
    layer_norm=st.booleans(),
    learn_initial_state=st.booleans(),
    seed=st.integers(0, 2**16),
)
def test_pieces_equal_the_whole(cell, cuts, seed, **options):
    """Gradients too: they flow through the carried state."""
    torch.manual_seed(seed)
    rnn = RNN(SIZE, cell=cell, hidden_size=SIZE, **options).double()
    for parameter in rnn.parameters():
        nn.init.normal_(parameter, std=0.5)
    inputs = torch.randn(3, TIME, SIZE, dtype=torch.float64)
    weights = torch.randn_like(inputs)
    found = []
    for how in (cuts, set()):
        leaf = inputs.clone().requires_grad_()
        states = _read(rnn, leaf, how)
        (states * weights).sum().backward()
        found.append([states, leaf.grad, *(parameter.grad.clone() for parameter in rnn.parameters())])
        rnn.zero_grad()
    for in_pieces, whole in zip(*found, strict=True):
        torch.testing.assert_close(in_pieces, whole, **CLOSE)


@pytest.mark.parametrize("cell", CELLS)
def test_a_state_has_the_parts_of_the_cell_for_each_layer(cell):
    encoding = RNN(3, cell=cell, hidden_size=SIZE, num_layers=2)(torch.randn(5, TIME, 3))
    parts = 2 if cell == "lstm" else 1
    assert [[tuple(part.shape) for part in layer] for layer in encoding.state] == [[(5, SIZE)] * parts] * 2
    torch.testing.assert_close(encoding.state[-1][0], encoding.final[-1])


def test_there_is_no_state_where_reading_cannot_go_on():
    inputs = torch.randn(2, TIME, 3)
    assert RNN(3)(inputs, torch.tensor([TIME, 2])).state is None
    assert RNN(3, bidirectional=True)(inputs).state is None


@pytest.mark.parametrize(
    ("options", "lengths", "message"),
    [
        ({"bidirectional": True}, None, "bidirectional RNN, .* set bidirectional to False"),
        ({}, [TIME, 2], "together with lengths; .* leave lengths out"),
        ({"num_layers": 2}, None, r"of 1 layers; expected 2; pass on the Encoding\.state"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(options, lengths, message):
    inputs, state = torch.randn(2, TIME, 3), ((torch.zeros(2, 256),),)
    with pytest.raises(ValueError, match=message):
        RNN(3, **options)(inputs, None if lengths is None else torch.tensor(lengths), state)
