"""Beam search over arrays: what `seqtasks.decoding.beam_search` does over tensors, hypothesis for hypothesis.

A beam of 1 is greedy search. All hypotheses of a beam are wanted here, since the best one may have lost a placeholder;
so the search of an input ends when no place is open, and no bound is needed to stop earlier.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import DivergedError
from seqtasks.hypothesis import NO_TOKEN, Hypothesis
from seqtasks.runtime.network import Values

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_IMPOSSIBLE = np.float32(-np.inf)


@dataclass(frozen=True)
class State:
    """What a decoder remembers between two steps.

    Attributes:
        hypotheses: arrays `(batch, hypotheses, size)`.
        memory: arrays `(batch, ...)`, once for each input.
    """

    hypotheses: Values
    memory: Values

    def reorder(self, beams: Ids) -> Self:
        """New hypothesis `k` of input `b` continues old hypothesis `beams[b, k]`."""
        inputs = np.arange(len(beams))[:, None]
        moved = {name: value[inputs, beams] for name, value in self.hypotheses.items()}
        return type(self)(moved, self.memory)

    def keep(self, inputs: Ids) -> Self:
        """Only these inputs `(kept,)` go on."""
        return type(self)(
            {name: value[inputs] for name, value in self.hypotheses.items()},
            {name: value[inputs] for name, value in self.memory.items()},
        )


Step = Callable[[Ids, State, int], tuple[Floats, Ids, State]]
"""(tokens (B, K), state, n) -> log-probabilities and ids (B, K, n) of the likeliest next tokens, and the next state."""


def beam_search(
    step: Step,
    state: State,
    *,
    batch_size: int,
    bos_id: int,
    eos_id: int,
    num_beams: int,
    max_length: int,
    length_penalty: float = 1.0,
    forbidden_ids: Iterable[int] = (),
) -> list[list[Hypothesis]]:
    """Find the texts of the highest score, log_prob / length ** length_penalty.

    Args:
        step: the decoder; it may give fewer continuations than asked for if there are no more.
        state: its state before the first token, with one hypothesis an input.
        batch_size: B, the number of inputs.
        bos_id: the token that every text begins with.
        eos_id: the token that ends a text.
        num_beams: hypotheses followed at a time; 1 is greedy search.
        max_length: tokens, the end token included, after which a text is cut.
        length_penalty: at least 0, which ranks by log-probability; higher prefers longer texts.
        forbidden_ids: tokens that are never produced.

    Returns:
        For each input the best hypotheses, best first; one to `num_beams` of them.

    Raises:
        DivergedError: log-probabilities are NaN, or leave no token to choose.
    """
    if not batch_size:
        return []
    forbidden = np.array(sorted(set(forbidden_ids)), dtype=np.int64)
    found: list[list[Hypothesis]] = [[] for _ in range(batch_size)]
    rows = np.arange(batch_size)
    produced = np.full((batch_size, 1, max_length), NO_TOKEN, dtype=np.int64)
    totals = np.zeros((batch_size, 1), dtype=np.float32)
    tokens = np.full((batch_size, 1), bos_id, dtype=np.int64)
    for length in range(1, max_length + 1):
        log_probs, ids, state = step(tokens, state, num_beams + len(forbidden))
        log_probs = np.where((ids[..., None] == forbidden).any(-1), _IMPOSSIBLE, log_probs)
        totals, index = _top((totals[..., None] + log_probs).reshape(len(rows), -1), num_beams)
        beams = index // ids.shape[2]
        tokens = np.take_along_axis(ids.reshape(len(rows), -1), index, axis=1)
        produced = produced[np.arange(len(rows))[:, None], beams]
        produced[..., length - 1] = tokens

        # A text that ends closes its place, so the places of an input are closed after num_beams texts.
        places = num_beams - np.array([len(found[row]) for row in rows])
        totals = np.where(np.arange(totals.shape[1]) < places[:, None], totals, _IMPOSSIBLE)
        ended = (totals > _IMPOSSIBLE) & ((tokens == eos_id) | (length == max_length))
        for row, place in np.argwhere(ended).tolist():
            text, log_prob = produced[row, place].tolist(), float(totals[row, place])
            found[rows[row]].append(
                Hypothesis.from_row(text, eos_id=eos_id, log_prob=log_prob, length_penalty=length_penalty)
            )
        totals = np.where(ended, _IMPOSSIBLE, totals)

        done = (totals == _IMPOSSIBLE).all(axis=1)
        if np.isnan(log_probs).any() or not all(found[row] for row in rows[done]):
            raise DivergedError(
                f"decoding: the log_probs for token {length} are NaN, or -inf for every token that is not forbidden; "
                "expected log-probabilities; look for NaN in the input, and evaluate the run that was exported"
            )
        stay = np.flatnonzero(~done)
        if not len(stay):
            break
        if len(stay) < len(rows):
            state, rows = state.keep(stay), rows[stay]
            produced, totals, tokens, beams = produced[stay], totals[stay], tokens[stay], beams[stay]
        state = state.reorder(beams)
    return [sorted(texts, key=lambda hypothesis: hypothesis.score, reverse=True) for texts in found]


def _top(values: Floats, n: int) -> tuple[Floats, Ids]:
    """The n largest of each row, falling, and where they stand."""
    index = np.argsort(-values, axis=1, kind="stable")[:, :n]
    return np.take_along_axis(values, index, axis=1), index
