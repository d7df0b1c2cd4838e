"""`Hypothesis`: what every search returns, over tensors and over arrays."""

from dataclasses import dataclass
from typing import Self

NO_TOKEN = -1
"""Fills a row of tokens behind its last one."""


@dataclass(frozen=True)
class Hypothesis:
    """One text that a decoder may have meant.

    Attributes:
        tokens: ids, without the begin and the end token.
        log_prob: nats; the sum over the tokens, and over the end token if it was produced.
        score: log_prob / length ** length_penalty, where length counts the end token if it was produced.
            Greedy search and sampling rank nothing; their score is log_prob / length.
        finished: whether the end token was produced before `max_length` cut the text.
    """

    tokens: list[int]
    log_prob: float
    score: float
    finished: bool

    @classmethod
    def from_row(cls, row: list[int], *, eos_id: int, log_prob: float, length_penalty: float = 1.0) -> Self:
        """From a row of ids with the end token, filled up with `NO_TOKEN`."""
        produced = [token for token in row if token != NO_TOKEN]
        finished = produced[-1] == eos_id
        return cls(
            tokens=produced[: len(produced) - finished],
            log_prob=log_prob,
            score=log_prob / len(produced) ** length_penalty,
            finished=finished,
        )
