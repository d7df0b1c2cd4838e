"""What a search needs to know of a decoder: `Step` and `State`, and what every search does at each step.

A decoder head hands a `Step` and its first `State` to `greedy`, `beam_search` or `sample`. Rows are
(sentence, hypothesis): what is the same for all hypotheses of a sentence, such as the encoder's states,
lies in the state once per sentence and is never expanded.
"""

from collections.abc import Iterable
from typing import Protocol, Self, TypeVar

import torch
from torch import Tensor

from seqtasks.errors import DivergedError, RecipeError


class State(Protocol):
    """What a decoder remembers between two steps, for B sentences with K hypotheses each."""

    def reorder(self, beams: Tensor) -> Self:
        """Continue chosen hypotheses.

        Args:
            beams: (B, K') long; the new hypothesis k of sentence b continues the old hypothesis
                `beams[b, k]`. K' may differ from K.
        """
        ...

    def keep(self, sentences: Tensor) -> Self:
        """Drop the sentences that are done.

        Args:
            sentences: (B',) long; the indices of those that stay.
        """
        ...


S = TypeVar("S", bound=State)

_GROUP = 8
"""Places in a group of `largest`."""


class Step(Protocol[S]):
    """One step of a decoder."""

    def __call__(self, tokens: Tensor, state: S) -> tuple[Tensor, S]:
        """Read one token and predict the next.

        Args:
            tokens: (B, K) long; the newest token of each hypothesis.
            state: what came before it.

        Returns:
            log_probs (B, K, V), normalised and so at most 0, and the next state.
        """
        ...


def token_ids(ids: Iterable[int], *, device: torch.device | str) -> Tensor:
    """The distinct ids as a long tensor (F,)."""
    return torch.tensor(sorted(set(ids)), dtype=torch.long, device=device)


def top_tokens(log_probs: Tensor, k: int, forbidden: Tensor) -> tuple[Tensor, Tensor]:
    """The k most probable tokens that are not forbidden.

    Args:
        log_probs: (..., V).
        k: how many; fewer come back if V is smaller.
        forbidden: (F,) long; distinct ids.

    Returns:
        Values, float32 and falling, and ids, both (..., min(k, V)). A forbidden id may come back, with the
        value -inf, where nothing else is left. A NaN comes first.
    """
    vocabulary = log_probs.size(-1)
    # k + F candidates hold k allowed ones, so nothing as large as the vocabulary is written to mask F ids.
    values, ids = largest(log_probs, min(k + len(forbidden), vocabulary))
    values = values.float().masked_fill(torch.isin(ids, forbidden), float("-inf"))
    values, order = values.topk(min(k, vocabulary), dim=-1)
    return values, ids.gather(-1, order)


def largest(values: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k largest along the last dimension, falling, and where they stand: `topk` in two stages, twice as fast.

    The places are dealt out to groups, whose maxima take one quick pass; the k largest lie in the k groups with the
    largest maxima, or among the places that were left over.
    """
    size = values.size(-1)
    num_groups = size // _GROUP
    if num_groups < 4 * k:
        return values.topk(k, dim=-1)
    dealt = num_groups * _GROUP
    groups = values[..., :dealt].unflatten(-1, (_GROUP, num_groups)).amax(-2).topk(k, dim=-1, sorted=False).indices
    places = (groups.unsqueeze(-1) + torch.arange(0, dealt, num_groups, device=values.device)).flatten(-2)
    if dealt < size:
        rest = torch.arange(dealt, size, device=values.device).expand(*places.shape[:-1], -1)
        places = torch.cat([places, rest], dim=-1)
    found, order = values.gather(-1, places).topk(k, dim=-1)
    return found, places.gather(-1, order)


def remaining(*, done: Tensor, broken: Tensor, rows: Tensor, length: int) -> Tensor | None:
    """Which sentences go on. This is the one place where a search waits for the device.

    Args:
        done: (B,) bool; sentences that need no further step.
        broken: (B,) bool; sentences whose log-probabilities cannot be used.
        rows: (B,) long; their places in the batch that the search began with.
        length: tokens produced so far, for the message.

    Returns:
        (B',) long indices, or None if all B go on.

    Raises:
        DivergedError: a sentence is broken.
    """
    codes: list[int] = torch.where(broken, 2, done.long()).tolist()
    if 2 in codes:
        sentence = int(rows[codes.index(2)])
        raise DivergedError(
            f"decoding: the step's log_probs for token {length} of sentence {sentence} are NaN, or -inf for every "
            "token that is not forbidden; expected log-probabilities; look for NaN in the input and the weights, "
            "and lower the learning rate if training diverged"
        )
    if not any(codes):
        return None
    return torch.tensor([i for i, code in enumerate(codes) if not code], dtype=torch.long, device=done.device)


def require(name: str, value: float, *, accepted: bool, expected: str) -> None:
    """Refuse a setting of a search that is out of range.

    Raises:
        RecipeError: not `accepted`.
    """
    if not accepted:
        raise RecipeError(f"decoding.{name}: {value}; expected {expected}; change decoding.{name}")
