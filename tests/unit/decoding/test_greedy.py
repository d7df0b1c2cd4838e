"""Greedy search, over a decoder that counts down from each sentence's own number."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from seqtasks.decoding import Hypothesis, greedy
from seqtasks.errors import RecipeError

BOS, EOS, WORD, OTHER = range(4)


@dataclass
class Countdown:
    left: Tensor  # (B,)

    def reorder(self, beams: Tensor) -> "Countdown":
        raise NotImplementedError

    def keep(self, sentences: Tensor) -> "Countdown":
        return Countdown(self.left[sentences])


class Counter:
    """Says WORD (0.75, or OTHER 0.25) until the sentence's number is used up, then EOS (1.0)."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, tokens: Tensor, state: Countdown) -> tuple[Tensor, Countdown]:
        self.batches.append(tokens.size(0))
        go_on = torch.tensor([0.0, 0.0, 0.75, 0.25])
        end = torch.tensor([0.0, 1.0, 0.0, 0.0])
        log_probs = torch.where(state.left[:, None] > 0, go_on, end).log()
        return log_probs.unsqueeze(1), Countdown(state.left - 1)


def search(counter: Counter, left: list[int], **options) -> list[Hypothesis]:
    state = Countdown(torch.tensor(left))
    return greedy(counter, state, batch_size=len(left), bos_id=BOS, eos_id=EOS, **options)


def test_each_sentence_ends_at_its_own_time_and_leaves():
    counter = Counter()
    found = search(counter, [2, 0, 9], max_length=4)
    assert [hypothesis.tokens for hypothesis in found] == [[WORD] * 2, [], [WORD] * 4]
    assert [hypothesis.finished for hypothesis in found] == [True, True, False]
    assert [hypothesis.log_prob for hypothesis in found] == pytest.approx([-0.57536, 0.0, -1.15073], abs=1e-4)
    assert [hypothesis.score for hypothesis in found] == pytest.approx([-0.57536 / 3, 0.0, -1.15073 / 4], abs=1e-4)
    assert counter.batches == [3, 2, 2, 1]


def test_nobody_is_asked_once_all_have_ended():
    counter = Counter()
    search(counter, [2, 0], max_length=9)
    assert counter.batches == [2, 1, 1]


def test_an_end_at_max_length_is_finished():
    assert search(Counter(), [3], max_length=4)[0].finished


def test_forbidden_tokens_are_passed_over():
    assert search(Counter(), [2], max_length=9, forbidden_ids=[WORD, BOS])[0].tokens == [OTHER] * 2


def test_nothing_left_to_choose_is_an_error():
    with pytest.raises(FloatingPointError, match="token 1 of sentence 1 are NaN, or -inf"):
        search(Counter(), [2, 0], max_length=9, forbidden_ids=[EOS])


def test_an_empty_batch_has_no_results():
    assert search(Counter(), [], max_length=3) == []


def test_max_length_below_one_is_refused():
    with pytest.raises(RecipeError, match=r"decoding\.max_length: 0"):
        search(Counter(), [1], max_length=0)
