"""The decoder step by step gives what it gives for a whole text, for any bookkeeping of hypotheses."""

from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seqtasks import DecoderHead, Encoding
from seqtasks.backbone.attention import AttentionName
from seqtasks.backbone.cells import CELLS
from seqtasks.decoding import beam_search, greedy

BOS, EOS, VOCABULARY = 2, 3, 9
READERS = [(None, False)] + [(kind, feeding) for kind in get_args(AttentionName) for feeding in (False, True)]
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _head(cell: str, attention: str | None, feeding: bool, num_layers: int, **options: bool) -> DecoderHead:
    torch.manual_seed(0)
    head = DecoderHead(
        VOCABULARY,
        5,
        4,
        embedding_size=3,
        cell=cell,
        hidden_size=4,
        num_layers=num_layers,
        attention=attention,
        num_heads=2,
        input_feeding=feeding,
        **options,
    )
    for parameter in head.parameters():
        torch.nn.init.normal_(parameter)
    return head.double().eval()


def _encoding(lengths: list[int]) -> Encoding:
    states = torch.randn(len(lengths), max(lengths), 4, dtype=torch.float64)
    return Encoding(states, torch.randn(1, len(lengths), 5, dtype=torch.float64), torch.tensor(lengths))


def _teacher_forced(head: DecoderHead, encoding: Encoding, texts: Tensor) -> Tensor:
    return head(encoding, texts).logits.log_softmax(-1)


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize(("attention", "feeding"), READERS)
@pytest.mark.parametrize("cell", CELLS)
def test_steps_equal_the_whole_text(cell, attention, feeding, num_layers):
    """Two hypotheses a sentence that change places and lose a sentence on the way."""
    head, encoding = _head(cell, attention, feeding, num_layers), _encoding([4, 1, 3])
    first, second = torch.randint(0, VOCABULARY, (2, 3, 5))
    expected_first, expected_second = (_teacher_forced(head, encoding, texts) for texts in (first, second))

    log_probs, state = head.step(torch.full((3, 1), BOS), head.begin(encoding))
    torch.testing.assert_close(log_probs[:, 0], expected_first[:, 0], **CLOSE)
    state = state.reorder(torch.zeros(3, 2, dtype=torch.long))
    log_probs, state = head.step(torch.stack([first[:, 0], second[:, 0]], 1), state)
    torch.testing.assert_close(log_probs, torch.stack([expected_first[:, 1], expected_second[:, 1]], 1), **CLOSE)

    state = state.reorder(torch.tensor([[1, 0], [0, 1], [1, 0]]))  # sentence 1 keeps its order
    tokens = torch.stack([second[:, 1], first[:, 1]], 1)
    tokens[1] = tokens[1].flip(0)
    log_probs, state = head.step(tokens, state)
    swapped = torch.stack([expected_second[:, 2], expected_first[:, 2]], 1)
    swapped[1] = swapped[1].flip(0)
    torch.testing.assert_close(log_probs, swapped, **CLOSE)

    state = state.keep(torch.tensor([0, 2]))
    log_probs, state = head.step(torch.stack([second[[0, 2], 2], first[[0, 2], 2]], 1), state)
    torch.testing.assert_close(log_probs, torch.stack([expected_second[[0, 2], 3], expected_first[[0, 2], 3]], 1))

    state = state.reorder(torch.ones(2, 1, dtype=torch.long))  # only the first text goes on
    log_probs, _ = head.step(first[[0, 2], 3][:, None], state)
    torch.testing.assert_close(log_probs[:, 0], expected_first[[0, 2], 4], **CLOSE)


@pytest.mark.parametrize(("attention", "feeding"), READERS)
@settings(max_examples=5, deadline=None)
@given(lengths=st.lists(st.integers(1, 5), min_size=1, max_size=4), seed=st.integers(0, 2**16))
def test_a_beam_of_one_is_greedy(attention, feeding, lengths, seed):
    head = _head("gru", attention, feeding, 1)
    torch.manual_seed(seed)
    encoding = _encoding(lengths)
    options = {"batch_size": len(lengths), "bos_id": BOS, "eos_id": EOS, "max_length": 6, "forbidden_ids": (0, 1, BOS)}
    beams = beam_search(head.step, head.begin(encoding), num_beams=1, **options)
    followed = greedy(head.step, head.begin(encoding), **options)
    assert [best.tokens for (best,) in beams] == [hypothesis.tokens for hypothesis in followed]
    for row, hypothesis in enumerate(followed):
        tokens = torch.tensor([*hypothesis.tokens, *[EOS] * hypothesis.finished])
        only = Encoding(encoding.states[[row]], encoding.final[:, [row]], encoding.lengths[[row]])
        log_probs = _teacher_forced(head, only, tokens[None])[0].gather(1, tokens[:, None])
        assert hypothesis.log_prob == pytest.approx(log_probs.sum().item(), abs=1e-4)


def test_attention_of_each_target_token_sums_to_one():
    head, encoding = _head("lstm", "additive", True, 2), _encoding([4, 2])
    weights = head(encoding, torch.randint(0, VOCABULARY, (2, 6))).attention
    assert weights.shape == (2, 6, 4)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 6, dtype=torch.float64))
    assert not weights[1, :, 2:].any()


def test_tied_embeddings_are_one_matrix():
    tied, free = (_head("gru", None, False, 1, tie_embeddings=tie) for tie in (True, False))
    assert tied.output.weight is tied.embedding.weight
    assert free.output.weight.shape == (VOCABULARY, 4)


def test_input_feeding_needs_attention():
    with pytest.raises(ValueError, match="input_feeding: there is no attention"):
        DecoderHead(VOCABULARY, 5, 4, input_feeding=True)
