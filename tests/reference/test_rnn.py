"""`RNN` against torch's own stacked layers over packed sequences, which never see padding."""

import random

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqtasks import RNN
from seqtasks.backbone.cells import CELLS

INPUT, HIDDEN, TIME = 5, 4, 7


def _packed(cell: str, **options: int | bool) -> nn.RNNBase:
    options |= {"batch_first": True}
    if cell.startswith("rnn_"):
        return nn.RNN(INPUT, HIDDEN, nonlinearity=cell.removeprefix("rnn_"), **options).double()
    return {"lstm": nn.LSTM, "gru": nn.GRU}[cell](INPUT, HIDDEN, **options).double()


def _pairs(ours: RNN, theirs: nn.RNNBase) -> list[tuple[nn.Parameter, nn.Parameter]]:
    """Each parameter beside the one that plays its part."""
    directions = {"": ours.forward_layers, "_reverse": ours.backward_layers}
    return [
        (parameter, getattr(theirs, name.replace("_l0", f"_l{index}{suffix}")))
        for suffix, layers in directions.items()
        for index, layer in enumerate(layers)
        for name, parameter in layer.named_parameters()
    ]


def _run_packed(theirs: nn.RNNBase, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    states, final = theirs(packed)
    final = final[0] if isinstance(final, tuple) else final
    directions = 2 if theirs.bidirectional else 1
    final = final.unflatten(0, (-1, directions)).transpose(1, 2).flatten(2)
    return pad_packed_sequence(states, batch_first=True, total_length=TIME)[0], final


@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_states_final_and_gradients_equal_packed_sequences(cell, bidirectional, num_layers):
    torch.manual_seed(0)
    ours = RNN(INPUT, cell=cell, hidden_size=HIDDEN, num_layers=num_layers, bidirectional=bidirectional).double()
    theirs = _packed(cell, num_layers=num_layers, bidirectional=bidirectional)
    pairs = _pairs(ours, theirs)
    assert len(pairs) == len(list(ours.parameters())) == len(list(theirs.parameters()))
    for mine, other in pairs:
        nn.init.normal_(mine, std=0.5)  # biases too, which start at zero
        other.data.copy_(mine.data)
    lengths = torch.tensor([1, TIME, *random.Random(num_layers).choices(range(1, TIME + 1), k=4)])
    inputs = torch.randn(len(lengths), TIME, INPUT, dtype=torch.float64)

    results = []
    for run in (lambda x: (lambda e: (e.states, e.final))(ours(x, lengths)), lambda x: _run_packed(theirs, x, lengths)):
        leaf = inputs.clone().requires_grad_()
        states, final = run(leaf)
        torch.manual_seed(1)
        ((states * torch.randn_like(states)).sum() + (final * torch.randn_like(final)).sum()).backward()
        results.append((states, final, leaf.grad))
    for mine, other in zip(*results, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)
    for mine, other in pairs:
        torch.testing.assert_close(mine.grad, other.grad, rtol=1e-9, atol=1e-9)


def test_without_lengths_every_step_is_real():
    rnn, inputs = RNN(3, hidden_size=4, bidirectional=True), torch.randn(2, 5, 3)
    torch.testing.assert_close(rnn(inputs).states, rnn(inputs, torch.tensor([5, 5])).states)
