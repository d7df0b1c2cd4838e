"""`RNN` against torch's own stacked layers over packed sequences, which never see padding."""

import random

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqtasks import RNN
from seqtasks.backbone.cells import CELLS
from seqtasks.backbone.dropout import dropout

INPUT, HIDDEN, TIME = 5, 4, 7
TORCH_CELLS = [cell for cell in CELLS if not cell.startswith("min")]


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
@pytest.mark.parametrize("cell", TORCH_CELLS)
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


# Options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_learned_initial_state_is_what_each_layer_starts_from(cell, bidirectional):
    torch.manual_seed(0)
    options = {"cell": cell, "hidden_size": HIDDEN, "num_layers": 2, "bidirectional": bidirectional}
    rnn, inputs = RNN(INPUT, **options, learn_initial_state=True), torch.randn(2, TIME, INPUT)
    plain = RNN(INPUT, **options)
    plain.load_state_dict({name: value for name, value in rnn.state_dict().items() if "initial" not in name})
    torch.testing.assert_close(rnn(inputs).states, plain(inputs).states)

    learned = [*rnn.forward_initial, *rnn.backward_initial]
    assert len(learned) == (4 if bidirectional else 2)
    for parameter in learned:
        nn.init.normal_(parameter)
    states = inputs
    for index, layer in enumerate(rnn.forward_layers):
        directions = [(layer, rnn.forward_initial[index], lambda x: x)]
        if bidirectional:
            directions.append((rnn.backward_layers[index], rnn.backward_initial[index], lambda x: x.flip(1)))
        found = []
        for one, parts, turn in directions:
            assert len(parts) == (2 if cell == "lstm" else 1)
            initial = tuple(part.repeat(1, 2, 1) for part in parts)
            found.append(turn(one(turn(states), initial if cell == "lstm" else initial[0])[0]))
        states = torch.cat(found, dim=-1)
    result = rnn(inputs).states
    torch.testing.assert_close(result, states)
    result.sum().backward()
    assert all(parameter.grad.any(dim=-1).all() for parameter in learned)


@pytest.mark.parametrize("cell", TORCH_CELLS)
def test_weight_dropout_drops_recurrent_weights_in_training(cell):
    torch.manual_seed(0)
    rnn = RNN(INPUT, cell=cell, hidden_size=HIDDEN, weight_dropout=0.5)
    (layer,), inputs = rnn.forward_layers, torch.randn(2, TIME, INPUT)
    weight = layer.weight_hh_l0.detach().clone()
    whole = layer(inputs)[0]

    torch.manual_seed(1)
    rnn(inputs).states.sum().backward()
    torch.manual_seed(1)
    trained = rnn(inputs).states
    torch.manual_seed(1)
    dropped = dropout(weight, 0.5, training=True)
    layer.weight_hh_l0.data.copy_(dropped)
    torch.testing.assert_close(trained, layer(inputs)[0])
    assert not layer.weight_hh_l0.grad[dropped == 0].any()
    assert layer.weight_hh_l0.grad[dropped != 0].any()

    layer.weight_hh_l0.data.copy_(weight)
    assert torch.equal(rnn.eval()(inputs).states, whole)


def test_weight_dropout_is_refused_without_recurrent_weights():
    with pytest.raises(ValueError, match="mingru has no recurrent weights to drop; leave it out, or use"):
        RNN(3, cell="mingru", weight_dropout=0.1)


def test_every_layer_starts_as_asked():
    rnn = RNN(3, cell="rnn_relu", hidden_size=4, num_layers=2, bidirectional=True, initialization="identity")
    for layer in [*rnn.forward_layers, *rnn.backward_layers]:
        assert torch.equal(layer.weight_hh_l0, torch.eye(4))
