"""A layer step by step, half of its input known beforehand, equals the layer over the whole sequence."""

import pytest
import torch
from torch import nn

from seqtasks.backbone.cells import CELLS, CellName, recurrent_layer
from seqtasks.backbone.stepping import Hidden, Stepper, one_step


@pytest.mark.parametrize("cell", CELLS)
def test_steps_equal_the_layer(cell: CellName) -> None:
    torch.manual_seed(0)
    layer = recurrent_layer(cell, 5, 4).double()
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    inputs = torch.randn(3, 6, 5, dtype=torch.float64)
    hidden: Hidden = tuple(torch.randn(3, 4, dtype=torch.float64) for _ in range(2 if cell == "lstm" else 1))
    parts = tuple(part[None] for part in hidden)
    expected, final = layer(inputs, parts if cell == "lstm" else parts[0])

    known, late = inputs.split([3, 2], dim=-1)
    stepper = Stepper(layer, 3)
    states = []
    for gates, rest in zip(stepper.gates(known).unbind(1), late.unbind(1), strict=True):
        hidden = stepper(gates, rest, hidden)
        states.append(hidden[0])
    torch.testing.assert_close(torch.stack(states, dim=1), expected)
    for ours, theirs in zip(hidden, final if cell == "lstm" else (final,), strict=True):
        torch.testing.assert_close(ours, theirs[0])


@pytest.mark.parametrize("cell", CELLS)
@torch.no_grad()
def test_one_step_equals_the_layer(cell: CellName) -> None:
    torch.manual_seed(0)
    layer = recurrent_layer(cell, 5, 4).double()
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    inputs = torch.randn(3, 5, dtype=torch.float64)
    hidden: Hidden = tuple(torch.randn(3, 4, dtype=torch.float64) for _ in range(2 if cell == "lstm" else 1))
    parts = tuple(part[None] for part in hidden)
    states, final = layer(inputs[:, None], parts if cell == "lstm" else parts[0])
    found = one_step(layer, inputs, hidden)
    torch.testing.assert_close(found[0], states[:, 0])
    for ours, theirs in zip(found, final if cell == "lstm" else (final,), strict=True):
        torch.testing.assert_close(ours, theirs[0])
