"""`DecoderHead` against its equations, one token at a time."""

import pytest
import torch
from torch import Tensor

from seqtasks import DecoderHead, Encoding

SIZE, VOCABULARY, BOS = 4, 7, 2


def _follow(head: DecoderHead, encoding: Encoding, text: list[int]) -> Tensor:
    """Log-probabilities of one text, its input being row 0."""
    parts = torch.tanh(head.start.weight @ encoding.final[-1, 0] + head.start.bias).split(SIZE)
    per_layer = head.states_per_layer
    hidden = [parts[index : index + per_layer] for index in range(0, len(parts), per_layer)]
    feed, found = torch.zeros(SIZE, dtype=torch.float64), []
    for token in [BOS, *text[:-1]]:
        x = head.embedding.weight[token]
        if head.input_feeding:
            x = torch.cat([x, feed])
        for index, layer in enumerate(head.layers):
            initial = tuple(part.view(1, 1, SIZE) for part in hidden[index])
            states, final = layer(x.view(1, 1, -1), initial if per_layer > 1 else initial[0])
            hidden[index] = tuple(part.flatten() for part in (final if per_layer > 1 else (final,)))
            h = states.flatten()
            if index:
                x = x + h
                continue
            x = h
            if head.attention is not None:
                memory = encoding.states[0, : int(encoding.lengths[0])]
                weights = (memory @ head.attention.key.weight.T @ h).softmax(0)
                x = feed = torch.tanh(head.combine.weight @ torch.cat([h, weights @ memory]))
        found.append((head.output.weight @ head.project(x) + head.output.bias).log_softmax(0))
    return torch.stack(found)


@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize(("attention", "feeding"), [(None, False), ("general", False), ("general", True)])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_equations(cell, attention, feeding, num_layers):
    torch.manual_seed(0)
    options = {"cell": cell, "attention": attention, "input_feeding": feeding, "num_layers": num_layers}
    head = DecoderHead(VOCABULARY, 5, 6, embedding_size=3, hidden_size=SIZE, bos_id=BOS, **options).double().eval()
    states = torch.randn(2, 5, 6, dtype=torch.float64)
    encoding = Encoding(states, torch.randn(2, 2, 5, dtype=torch.float64), torch.tensor([3, 5]))
    text = [4, 1, 6, 3]
    found = head(encoding, torch.tensor([text, text])).logits[0].log_softmax(-1)
    torch.testing.assert_close(found, _follow(head, encoding, text))
