"""Greedy search: the most probable token at every step. `follow` is the loop that it shares with sampling."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from seqtasks.decoding.step import S, Step, remaining, require, token_ids, top_tokens
from seqtasks.hypothesis import NO_TOKEN, Hypothesis

Choose = Callable[[Tensor, Tensor, int], tuple[Tensor, Tensor]]
"""(log_probs (B, V), rows (B,), position) -> log-probabilities (B,) and ids (B,) of the chosen tokens."""


def greedy(
    step: Step[S],
    state: S,
    *,
    batch_size: int,
    bos_id: int,
    eos_id: int,
    max_length: int,
    forbidden_ids: Iterable[int] = (),
    device: torch.device | str = "cpu",
) -> list[Hypothesis]:
    """Take the most probable token at every step; the same as a beam of 1.

    Args:
        step: the decoder.
        state: its state before the first token, with one hypothesis per sentence.
        batch_size: B, the number of sentences.
        bos_id: the token that every text begins with.
        eos_id: the token that ends a text.
        max_length: tokens, the end token included, after which a text is cut.
        forbidden_ids: tokens that are never produced.
        device: where the state lies.

    Returns:
        One hypothesis per sentence.

    Raises:
        RecipeError: `max_length` is below 1.
        DivergedError: log-probabilities are NaN, or leave no token to choose.
    """
    forbidden = token_ids(forbidden_ids, device=device)

    def choose(log_probs: Tensor, rows: Tensor, position: int) -> tuple[Tensor, Tensor]:
        values, ids = top_tokens(log_probs, 1, forbidden)
        return values.squeeze(-1), ids.squeeze(-1)

    return follow(
        step,
        state,
        choose,
        batch_size=batch_size,
        bos_id=bos_id,
        eos_id=eos_id,
        max_length=max_length,
        device=device,
    )


@torch.no_grad()
def follow(
    step: Step[S],
    state: S,
    choose: Choose,
    *,
    batch_size: int,
    bos_id: int,
    eos_id: int,
    max_length: int,
    device: torch.device | str,
) -> list[Hypothesis]:
    """Follow one hypothesis per sentence, whose next token `choose` picks. Arguments are those of `greedy`."""
    require("max_length", max_length, accepted=max_length >= 1, expected="at least 1")
    if not batch_size:
        return []
    produced = torch.full((batch_size, max_length), NO_TOKEN, device=device)
    totals = torch.zeros(batch_size, device=device)
    rows = torch.arange(batch_size, device=device)
    tokens = torch.full((batch_size,), bos_id, device=device)
    for position in range(max_length):
        log_probs, state = step(tokens.unsqueeze(1), state)
        values, tokens = choose(log_probs.squeeze(1), rows, position)
        produced[rows, position] = tokens
        totals[rows] += values
        stay = remaining(done=tokens == eos_id, broken=~values.isfinite(), rows=rows, length=position + 1)
        if stay is not None:
            if not len(stay):
                break
            state, rows, tokens = state.keep(stay), rows[stay], tokens[stay]
    return [
        Hypothesis.from_row(row, eos_id=eos_id, log_prob=log_prob)
        for row, log_prob in zip(produced.tolist(), totals.tolist(), strict=True)
    ]
