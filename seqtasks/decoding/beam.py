"""Beam search over a batch of sentences, in tensors throughout.

A sentence has `num_beams` places. At each step the most probable continuations of its live hypotheses fill
them; one that produces the end token is set aside and its place closes (Bahdanau et al. 2015,
arXiv:1409.0473), so a beam of 1 is greedy search, and a search ends soon after its texts do. The search of
a sentence ends when no place is open, or when no live hypothesis can reach the n best found any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from seqtasks.decoding.step import S, Step, remaining, require, token_ids, top_tokens
from seqtasks.hypothesis import NO_TOKEN, Hypothesis

IMPOSSIBLE = float("-inf")
"""The log-probability of an empty place."""


@torch.no_grad()
def beam_search(
    step: Step[S],
    state: S,
    *,
    batch_size: int,
    bos_id: int,
    eos_id: int,
    num_beams: int,
    max_length: int,
    length_penalty: float = 1.0,
    num_return_sequences: int = 1,
    forbidden_ids: Iterable[int] = (),
    device: torch.device | str = "cpu",
) -> list[list[Hypothesis]]:
    """Find the texts of the highest score, log_prob / length ** length_penalty.

    Texts that `max_length` cuts compete with finished ones by the same score.

    Args:
        step: the decoder.
        state: its state before the first token, with one hypothesis per sentence.
        batch_size: B, the number of sentences.
        bos_id: the token that every text begins with.
        eos_id: the token that ends a text.
        num_beams: hypotheses followed at a time; 1 is greedy search.
        max_length: tokens, the end token included, after which a text is cut.
        length_penalty: at least 0, which ranks by log-probability; higher prefers longer texts.
        num_return_sequences: how many of the best are wanted, at most `num_beams`.
        forbidden_ids: tokens that are never produced.
        device: where the state lies.

    Returns:
        For each sentence the best hypotheses, best first; at least one, and fewer than
        `num_return_sequences` only where the search met no more.

    Raises:
        RecipeError: a setting is out of range.
        DivergedError: log-probabilities are NaN, or leave no token to choose.
    """
    require("num_beams", num_beams, accepted=num_beams >= 1, expected="at least 1")
    require("max_length", max_length, accepted=max_length >= 1, expected="at least 1")
    require("length_penalty", length_penalty, accepted=length_penalty >= 0, expected="at least 0")
    accepted = 1 <= num_return_sequences <= num_beams
    require("num_return_sequences", num_return_sequences, accepted=accepted, expected=f"1 to num_beams ({num_beams})")
    if not batch_size:
        return []
    forbidden = token_ids(forbidden_ids, device=device)
    best = NBest.empty(batch_size, num_return_sequences, max_length, device=device)
    rows = torch.arange(batch_size, device=device)
    places = torch.full((batch_size, 1), num_beams, device=device)
    produced = torch.full((batch_size, 1, max_length), NO_TOKEN, device=device)
    totals = torch.zeros(batch_size, 1, device=device)
    tokens = torch.full((batch_size, 1), bos_id, device=device)
    for length in range(1, max_length + 1):
        log_probs, state = step(tokens, state)
        totals, beams, tokens = extend(log_probs, totals, num_beams=num_beams, forbidden=forbidden)
        nan = totals.isnan().any(1)
        produced = produced.gather(1, beams.unsqueeze(-1).expand(-1, -1, max_length))
        produced[..., length - 1] = tokens

        open_places = torch.arange(totals.size(1), device=device) < places
        totals = totals.masked_fill(~open_places, IMPOSSIBLE)
        ended = (totals > IMPOSSIBLE) & ((tokens == eos_id) | (length == max_length))
        ended_totals = totals.masked_fill(~ended, IMPOSSIBLE)
        best.add(rows, produced, ended_totals, scores=ended_totals / length**length_penalty)
        totals = totals.masked_fill(ended, IMPOSSIBLE)
        places = places - ended.sum(1, keepdim=True)

        # Log-probabilities only fall, so the best that can happen is certainty up to max_length.
        bound = totals.amax(1) / max_length**length_penalty
        done = bound <= best.scores[rows, -1]
        dead_end = done & (best.scores[rows, 0] == IMPOSSIBLE)
        stay = remaining(done=done, broken=nan | dead_end, rows=rows, length=length)
        if stay is not None:
            if not len(stay):
                break
            state, rows, places = state.keep(stay), rows[stay], places[stay]
            produced, totals, tokens, beams = produced[stay], totals[stay], tokens[stay], beams[stay]
        state = state.reorder(beams)
    return best.hypotheses(eos_id=eos_id, length_penalty=length_penalty)


def extend(log_probs: Tensor, totals: Tensor, *, num_beams: int, forbidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The most probable continuations of all hypotheses of a sentence.

    Args:
        log_probs: (B, K, V) of the next token.
        totals: (B, K) log-probabilities of the hypotheses; -inf where a place is empty.
        num_beams: how many are wanted.
        forbidden: (F,) ids that are never produced.

    Returns:
        Their log-probabilities, falling; the hypotheses that they continue; and their new tokens, all (B, K')
        with K' = num_beams, or fewer if there are no more.
    """
    # No hypothesis places more than num_beams continuations, so the second choice is among K * num_beams.
    values, ids = top_tokens(log_probs, num_beams, forbidden)
    candidates = (totals.unsqueeze(-1) + values).flatten(1)
    totals, index = candidates.topk(min(num_beams, candidates.size(1)))
    return totals, index // values.size(-1), ids.flatten(1).gather(1, index)


@dataclass(frozen=True)
class NBest:
    """The n best hypotheses of every sentence so far, best first; an empty place has the score -inf.

    Attributes:
        tokens: (batch, n, max_length) ids with the end token, filled up with `NO_TOKEN`.
        log_probs: (batch, n).
        scores: (batch, n).
    """

    tokens: Tensor
    log_probs: Tensor
    scores: Tensor

    @classmethod
    def empty(cls, batch_size: int, n: int, max_length: int, *, device: torch.device | str) -> "NBest":
        """Nothing found yet."""
        return cls(
            tokens=torch.full((batch_size, n, max_length), NO_TOKEN, device=device),
            log_probs=torch.full((batch_size, n), IMPOSSIBLE, device=device),
            scores=torch.full((batch_size, n), IMPOSSIBLE, device=device),
        )

    def add(self, rows: Tensor, tokens: Tensor, log_probs: Tensor, *, scores: Tensor) -> None:
        """Put new hypotheses in their places among the n best.

        Args:
            rows: (B,) long; the sentences that they belong to.
            tokens: (B, K, max_length).
            log_probs: (B, K).
            scores: (B, K); -inf for those that are not to be added.
        """
        n = self.scores.size(1)
        self.scores[rows], index = torch.cat([self.scores[rows], scores], 1).topk(n)
        self.log_probs[rows] = torch.cat([self.log_probs[rows], log_probs], 1).gather(1, index)
        index = index.unsqueeze(-1).expand(-1, -1, tokens.size(2))
        self.tokens[rows] = torch.cat([self.tokens[rows], tokens], 1).gather(1, index)

    def hypotheses(self, *, eos_id: int, length_penalty: float) -> list[list[Hypothesis]]:
        """The places that are filled, for each sentence."""
        return [
            # Scores are float64 from here on, which may part what was equal in float32.
            sorted(
                (
                    Hypothesis.from_row(row, eos_id=eos_id, log_prob=log_prob, length_penalty=length_penalty)
                    for row, log_prob in zip(*sentence, strict=True)
                    if log_prob > IMPOSSIBLE
                ),
                key=lambda hypothesis: hypothesis.score,
                reverse=True,
            )
            for sentence in zip(self.tokens.tolist(), self.log_probs.tolist(), strict=True)
        ]
