"""Sampling: what is drawn, how often, and what it does not depend on."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from seqtasks.decoding import Hypothesis, greedy, sample
from seqtasks.decoding.sampling import draw
from seqtasks.errors import RecipeError

BOS, EOS = 0, 1
PROBS = [0.05, 0.1, 0.4, 0.25, 0.15, 0.05]


@dataclass
class Rows:
    memory: Tensor  # (B,)

    def reorder(self, beams: Tensor) -> "Rows":
        raise NotImplementedError

    def keep(self, sentences: Tensor) -> "Rows":
        return Rows(self.memory[sentences])


def step(tokens: Tensor, state: Rows) -> tuple[Tensor, Rows]:
    """PROBS for memory 0; for memory 1 the end token is certain."""
    certain = torch.eye(len(PROBS))[EOS]
    log_probs = torch.where(state.memory[:, None] > 0, certain, torch.tensor(PROBS)).log()
    return log_probs.unsqueeze(1), state


def run(memory: list[int], *, seed: int = 0, max_length: int = 1, **options) -> list[Hypothesis]:
    return sample(
        step,
        Rows(torch.tensor(memory)),
        batch_size=len(memory),
        bos_id=BOS,
        eos_id=EOS,
        max_length=max_length,
        generator=torch.Generator().manual_seed(seed),
        **options,
    )


def frequencies(**options) -> list[float]:
    firsts = [EOS if drawn.finished else drawn.tokens[0] for drawn in run([0] * 20_000, **options)]
    return (torch.bincount(torch.tensor(firsts), minlength=len(PROBS)) / len(firsts)).tolist()


def normalised(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, PROBS),
        ({"temperature": 0.5}, normalised([p**2 for p in PROBS])),
        ({"temperature": 3.0}, normalised([p ** (1 / 3) for p in PROBS])),
        ({"top_k": 2}, normalised([0, 0, 0.4, 0.25, 0, 0])),
        ({"top_k": 99}, PROBS),
        ({"top_p": 0.7}, normalised([0, 0, 0.4, 0.25, 0.15, 0])),
        ({"top_p": 0.6, "top_k": 3}, normalised([0, 0, 0.4, 0.25, 0, 0])),
        ({"forbidden_ids": [0, 2]}, normalised([0, 0.1, 0, 0.25, 0.15, 0.05])),
    ],
)
def test_frequencies_follow_the_distribution_asked_for(options, expected):
    found = frequencies(**options)
    assert found == pytest.approx(expected, abs=0.015)  # four standard deviations
    assert [frequency > 0 for frequency in found] == [probability > 0 for probability in expected]


@pytest.mark.parametrize("options", [{"top_k": 1}, {"top_p": 1e-9}, {"temperature": 1e-30}, {"temperature": 1e-300}])
def test_the_narrowest_settings_are_greedy(options):
    expected = greedy(step, Rows(torch.zeros(3)), batch_size=3, bos_id=BOS, eos_id=EOS, max_length=4)
    assert run([0] * 3, max_length=4, **options) == expected


def test_log_prob_is_the_decoders_own():
    (drawn,) = run([0], max_length=5, temperature=3.0, top_k=4, seed=3)
    tokens = [*drawn.tokens, *[EOS] * drawn.finished]
    assert drawn.log_prob == pytest.approx(torch.tensor(PROBS)[tokens].log().sum().item())


def test_a_draw_depends_on_the_seed_but_not_on_when_others_end():
    alone = run([0, 0, 0, 0], max_length=9, seed=5)
    assert run([0, 0, 0, 0], max_length=9, seed=5) == alone
    assert run([0, 0, 0, 0], max_length=9, seed=6) != alone
    assert run([1, 0, 1, 0], max_length=9, seed=5)[1::2] == alone[1::2]


def test_the_nucleus_ends_where_top_p_is_reached():
    probs = torch.tensor([[0.5, 0.25, 0.25]])
    assert [int(draw(probs, top_p=p, uniform=torch.tensor([0.999]))) for p in (0.5, 0.51, 0.75, 0.76)] == [0, 1, 1, 2]


def test_rounding_never_draws_what_has_no_probability():
    # The worst that rounding can do: the sum misses 1, and the threshold reaches the sum.
    probs = torch.tensor([[0.6, 0.3999, 0.0, 0.0]])
    assert int(draw(probs, top_p=1.0, uniform=torch.ones(1))) == 1
    assert int(draw(probs, top_p=0.5, uniform=torch.ones(1))) == 0


def test_nan_is_an_error():
    def broken(tokens: Tensor, state: Rows) -> tuple[Tensor, Rows]:
        log_probs, state = step(tokens, state)
        log_probs[1, 0, 4] = float("nan")
        return log_probs, state

    generator = torch.Generator().manual_seed(0)
    options = {"batch_size": 3, "bos_id": BOS, "eos_id": EOS, "max_length": 4, "generator": generator}
    with pytest.raises(FloatingPointError, match="token 1 of sentence 1"):
        sample(broken, Rows(torch.zeros(3)), **options)


@pytest.mark.parametrize(
    "option", [{"temperature": 0.0}, {"temperature": float("inf")}, {"top_k": -1}, {"top_p": 0.0}, {"top_p": 1.1}]
)
def test_settings_out_of_range_are_refused(option):
    with pytest.raises(RecipeError, match=f"decoding.{next(iter(option))}: "):
        run([0], **option)
