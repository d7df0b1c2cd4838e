"""Each kind of attention against its equation, one query and one state at a time."""

import math
from typing import get_args

import pytest
import torch
from torch import Tensor

from seqtasks import Attention, Encoding
from seqtasks.backbone.attention import AttentionName

KINDS = get_args(AttentionName)
LENGTHS = [5, 1, 3]
QUERY, MEMORY, HEADS = 6, 4, 2


def _case(kind: str) -> tuple[Attention, Encoding, Tensor]:
    torch.manual_seed(0)
    memory = QUERY if kind == "dot" else MEMORY
    attention = Attention(QUERY, memory, kind=kind, num_heads=HEADS).double()
    states = torch.randn(3, max(LENGTHS), memory, dtype=torch.float64)
    return attention, Encoding(states, states[:, 0][None], torch.tensor(LENGTHS)), torch.randn(3, 2, QUERY).double()


def _score(attention: Attention, query: Tensor, state: Tensor) -> Tensor:
    if attention.kind == "dot":
        return query @ state
    if attention.kind == "general":
        return query @ (attention.key.weight @ state)
    hidden = torch.tanh(attention.query.weight @ query + attention.key.weight @ state)
    return (attention.score.weight @ hidden).squeeze()


def _one_head(attention: Attention, query: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
    weights = torch.stack([_score(attention, query, state) for state in states]).softmax(0)
    return sum(weight * state for weight, state in zip(weights, states, strict=True)), weights


def _multihead(attention: Attention, query: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
    width, value_width = QUERY // HEADS, MEMORY // HEADS
    contexts, weights = [], []
    for head in range(HEADS):
        rows, value_rows = slice(head * width, (head + 1) * width), slice(head * value_width, (head + 1) * value_width)
        q = attention.query.weight[rows] @ query
        scores = [q @ (attention.key.weight[rows] @ state) / math.sqrt(width) for state in states]
        weights.append(torch.stack(scores).softmax(0))
        values = [attention.value.weight[value_rows] @ state for state in states]
        contexts.append(sum(weight * value for weight, value in zip(weights[-1], values, strict=True)))
    return torch.cat(contexts), torch.stack(weights).mean(0)


@pytest.mark.parametrize("kind", KINDS)
def test_equation(kind):
    attention, encoding, queries = _case(kind)
    contexts, weights = attention(queries, attention.prepare(encoding))
    for row, length in enumerate(LENGTHS):
        for index, query in enumerate(queries[row]):
            expected = (_multihead if kind == "multihead" else _one_head)(
                attention, query, encoding.states[row, :length]
            )
            torch.testing.assert_close(contexts[row, index], expected[0])
            torch.testing.assert_close(weights[row, index, :length], expected[1])
            assert not weights[row, index, length:].any()
    torch.testing.assert_close(weights.sum(-1), torch.ones_like(weights[..., 0]))


@pytest.mark.parametrize(
    ("kind", "sizes", "message"), [("dot", (4, 6), "dot compares"), ("multihead", (6, 4), "heads")]
)
def test_sizes_that_do_not_fit_are_refused(kind, sizes, message):
    with pytest.raises(ValueError, match=message):
        Attention(*sizes, kind=kind, num_heads=4)


def test_sharp_attention_makes_no_numbers_too_small_for_full_precision():
    attention = Attention(2, 2, kind="dot")
    # Scores 0, -95, -99 and one at padding: e ** -95 is a number that float32 holds with fewer digits.
    states = torch.tensor([[[0.0, 1.0], [-95.0, 2.0], [-99.0, 3.0], [9.0, 9.0]]], requires_grad=True)
    memory = attention.prepare(Encoding(states, torch.zeros(1, 1, 2), torch.tensor([3])))
    contexts, weights = attention(torch.tensor([[[1.0, 0.0]]]), memory)
    contexts.sum().backward()
    for numbers in (weights, states.grad):
        magnitudes = numbers.detach().abs()
        assert not ((magnitudes > 0) & (magnitudes < torch.finfo(torch.float32).tiny)).any()
    torch.testing.assert_close(weights, torch.tensor([[[1.0, 0.0, 0.0, 0.0]]]))
    assert weights[0, 0, 3] == 0.0
