"""Beam search where the next token depends on the last one alone."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from seqtasks.decoding import Hypothesis, beam_search
from seqtasks.errors import RecipeError

BOS, EOS, A, B = range(4)


@dataclass
class Nothing:
    def reorder(self, beams: Tensor) -> "Nothing":
        return self

    def keep(self, sentences: Tensor) -> "Nothing":
        return self


class Chain:
    """A Markov chain; `transitions[token]` are the probabilities of the next token."""

    def __init__(self, transitions: list[list[float]]) -> None:
        self.log_probs = torch.tensor(transitions).log()
        self.calls = 0

    def __call__(self, tokens: Tensor, state: Nothing) -> tuple[Tensor, Nothing]:
        self.calls += 1
        return self.log_probs[tokens], state


def search(chain: Chain, *, batch_size: int = 1, **options) -> list[list[Hypothesis]]:
    return beam_search(chain, Nothing(), batch_size=batch_size, bos_id=BOS, eos_id=EOS, **options)


# From the start A is likelier, but only B leads to a likely end.
GARDEN_PATH = [
    [0.0, 0.0, 0.6, 0.4],
    [0.0, 1.0, 0.0, 0.0],
    [0.0, 0.3, 0.4, 0.3],
    [0.0, 0.9, 0.1, 0.0],
]


def test_a_beam_sees_past_the_first_token():
    assert search(Chain(GARDEN_PATH), num_beams=1, max_length=2)[0][0].tokens == [A, A]
    best = search(Chain(GARDEN_PATH), num_beams=3, max_length=2)[0][0]
    assert best.tokens == [B]
    assert best.finished
    assert best.log_prob == pytest.approx(-1.0217, abs=1e-4)  # ln(0.4 x 0.9)
    assert best.score == pytest.approx(best.log_prob / 2)


def test_a_text_cut_by_max_length_is_unfinished_and_counts_its_tokens():
    chain = Chain([[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0.5, 0.5], [0, 0, 1, 0]])
    (best,) = search(chain, num_beams=2, max_length=3, length_penalty=2.0)[0]
    assert len(best.tokens) == 3
    assert not best.finished
    assert best.score == pytest.approx(best.log_prob / 9)


@pytest.mark.parametrize(("length_penalty", "max_length", "calls"), [(0.0, 100, 1), (1.0, 7, 1), (1.0, 8, 3)])
def test_the_search_goes_on_only_while_something_better_can_come(length_penalty, max_length, calls):
    # The text that ends at once scores ln 0.8 = -0.223. The other goes on with ln 0.2 = -1.609, which spread over
    # 8 tokens is better and over 7 is not; its third token halves its probability, which is too much for 8 as well.
    chain = Chain([[0, 0.8, 0.2, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0.5, 0.5]])
    search(chain, num_beams=2, max_length=max_length, length_penalty=length_penalty)
    assert chain.calls == calls


def test_fewer_hypotheses_than_asked_for_where_no_more_exist():
    found = search(Chain([[0, 0.5, 0.5, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]), num_beams=5, max_length=9)
    assert [len(nbest) for nbest in found] == [1]
    chain = Chain([[0, 0.6, 0.4, 0], [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]])
    (nbest,) = search(chain, num_beams=5, max_length=9, num_return_sequences=5, length_penalty=0.0)
    assert [hypothesis.tokens for hypothesis in nbest] == [[], [A]]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_log_probs_of_any_precision_are_summed_in_float32(dtype):
    chain = Chain([[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0.9, 0.1], [0, 1, 0, 0]])
    chain.log_probs = chain.log_probs.to(dtype)
    (best,) = search(chain, num_beams=1, max_length=401, forbidden_ids=[EOS])[0]
    assert best.log_prob == pytest.approx(400 * float(chain.log_probs[A, A]), rel=1e-4)


def test_an_empty_batch_has_no_results():
    assert search(Chain(GARDEN_PATH), batch_size=0, num_beams=2, max_length=3) == []


@pytest.mark.parametrize("num_beams", [1, 3])
@pytest.mark.parametrize("forbidden", [[], [BOS]])
def test_nan_is_an_error_that_names_token_and_sentence(num_beams, forbidden):
    chain = Chain(GARDEN_PATH)
    chain.log_probs[A, B] = float("nan")
    with pytest.raises(FloatingPointError, match=r"token 2 of sentence 0 are NaN"):
        search(chain, batch_size=2, num_beams=num_beams, max_length=5, forbidden_ids=forbidden)


def test_no_allowed_token_is_an_error():
    with pytest.raises(FloatingPointError, match=r"every token that is not forbidden"):
        search(Chain(GARDEN_PATH), num_beams=2, max_length=5, forbidden_ids=[A, B])


@pytest.mark.parametrize(
    "option", [{"num_beams": 0}, {"max_length": 0}, {"length_penalty": -0.5}, {"num_return_sequences": 3}]
)
def test_settings_out_of_range_are_refused(option):
    with pytest.raises(RecipeError, match=f"decoding.{next(iter(option))}: .*; expected .*; change"):
        search(Chain(GARDEN_PATH), **({"num_beams": 2, "max_length": 5} | option))
