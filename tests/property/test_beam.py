"""Beam search against greedy search, brute force and a beam search in plain Python, over a random decoder."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seqtasks.decoding import Hypothesis, beam_search, greedy

BOS, EOS, STATES = 0, 1, 499


@dataclass(frozen=True)
class Prefix:
    """A hash of the whole prefix per hypothesis, and a memory once per sentence."""

    code: Tensor  # (B, K)
    memory: Tensor  # (B,)

    def reorder(self, beams: Tensor) -> "Prefix":
        return Prefix(self.code.gather(1, beams), self.memory)

    def keep(self, sentences: Tensor) -> "Prefix":
        return Prefix(self.code[sentences], self.memory[sentences])


class Decoder:
    """log_probs are a random table's row, found by the hash of the prefix and the memory."""

    def __init__(self, *, vocabulary: int, seed: int, scale: float = 2.0) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.table = (torch.randn(STATES, vocabulary, generator=generator) * scale).log_softmax(-1)
        self.calls: list[torch.Size] = []

    @staticmethod
    def start(memory: list[int]) -> Prefix:
        return Prefix(torch.zeros(len(memory), 1, dtype=torch.long), torch.tensor(memory))

    def __call__(self, tokens: Tensor, state: Prefix) -> tuple[Tensor, Prefix]:
        self.calls.append(tokens.shape)
        assert tokens.shape == state.code.shape
        code = (state.code * 31 + tokens * 7 + 3 * state.memory.unsqueeze(1) + 1) % STATES
        return self.table[code], Prefix(code, state.memory)

    def row(self, prefix: tuple[int, ...], memory: int) -> np.ndarray:
        code = 0
        for token in (BOS, *prefix):
            code = (code * 31 + token * 7 + 3 * memory + 1) % STATES
        return self.table[code].numpy()

    def search(self, memory: list[int], **options) -> list[list[Hypothesis]]:
        return beam_search(self, self.start(memory), batch_size=len(memory), bos_id=BOS, eos_id=EOS, **options)

    def log_prob(self, sequence: tuple[int, ...], memory: int) -> np.float32:
        return sum((self.row(sequence[:i], memory)[t] for i, t in enumerate(sequence)), start=np.float32(0))


def plain_beam(decoder: Decoder, memory: int, *, num_beams: int, max_length: int, length_penalty: float) -> list:
    """(score, sequence) of everything that the search ends with, best first; it never stops early."""
    live, found = [(np.float32(0), ())], []
    for length in range(1, max_length + 1):
        grown = [
            (total + log_prob, (*prefix, token))
            for total, prefix in live
            for token, log_prob in enumerate(decoder.row(prefix, memory))
        ]
        grown = sorted(grown, key=lambda item: -item[0])[: num_beams - len(found)]
        ended = [item for item in grown if item[1][-1] == EOS or length == max_length]
        found += [(total / length**length_penalty, sequence) for total, sequence in ended]
        live = [item for item in grown if item not in ended]
    return sorted(found, key=lambda item: -item[0])


def whole(hypothesis: Hypothesis) -> tuple[int, ...]:
    return (*hypothesis.tokens, *[EOS] * hypothesis.finished)


decoders = st.builds(
    Decoder,
    vocabulary=st.integers(3, 7),
    seed=st.integers(0, 10**6),
    scale=st.sampled_from([0.5, 2.0, 6.0]),
)
memories = st.lists(st.integers(0, 50), min_size=1, max_size=5)
penalties = st.sampled_from([0.0, 0.6, 1.0, 2.0])


@settings(deadline=None)
@given(decoder=decoders, memory=memories, max_length=st.integers(1, 12), forbidden=st.sets(st.sampled_from([0, 2])))
def test_beam_of_one_is_greedy(decoder, memory, max_length, forbidden):
    options = {"max_length": max_length, "forbidden_ids": forbidden}
    expected = greedy(decoder, decoder.start(memory), batch_size=len(memory), bos_id=BOS, eos_id=EOS, **options)
    found = decoder.search(memory, num_beams=1, **options)
    assert [nbest[0] for nbest in found] == expected
    assert all(len(nbest) == 1 for nbest in found)
    assert not forbidden & {token for hypothesis in expected for token in hypothesis.tokens}


@settings(max_examples=60, deadline=None)
@given(
    vocabulary=st.integers(3, 4),
    seed=st.integers(0, 10**6),
    memory=st.lists(st.integers(0, 50), min_size=1, max_size=3),
    max_length=st.integers(1, 4),
    length_penalty=penalties,
    n=st.integers(1, 10),
    forbidden=st.sets(st.sampled_from([0, 2]), max_size=1),
)
def test_exhaustive_beam_is_brute_force(vocabulary, seed, memory, max_length, length_penalty, n, forbidden):
    decoder = Decoder(vocabulary=vocabulary, seed=seed)
    beams = vocabulary**max_length
    found = decoder.search(
        memory,
        num_beams=beams,
        max_length=max_length,
        length_penalty=length_penalty,
        num_return_sequences=min(n, beams),
        forbidden_ids=forbidden,
    )
    others = [token for token in range(vocabulary) if token != EOS and token not in forbidden]
    sequences = [
        (*middle, last)
        for length in range(1, max_length + 1)
        for middle in itertools.product(others, repeat=length - 1)
        for last in ([EOS, *others] if length == max_length else [EOS])
    ]
    for place, nbest in zip(memory, found, strict=True):
        scores = {s: float(decoder.log_prob(s, place)) / len(s) ** length_penalty for s in sequences}
        assert len(nbest) == min(n, beams, len(sequences))
        assert len({whole(hypothesis) for hypothesis in nbest}) == len(nbest)
        best = sorted(scores.values(), reverse=True)[: len(nbest)]
        assert [hypothesis.score for hypothesis in nbest] == pytest.approx(best, rel=1e-5)
        assert [scores[whole(hypothesis)] for hypothesis in nbest] == pytest.approx(best, rel=1e-5)
        for hypothesis in nbest:
            assert hypothesis.log_prob == pytest.approx(float(decoder.log_prob(whole(hypothesis), place)), rel=1e-5)


@settings(deadline=None)
@given(
    decoder=decoders,
    memory=memories,
    num_beams=st.integers(1, 6),
    n=st.integers(1, 6),
    max_length=st.integers(1, 10),
    length_penalty=penalties,
)
def test_stopping_early_loses_nothing(decoder, memory, num_beams, n, max_length, length_penalty):
    options = {"num_beams": num_beams, "max_length": max_length, "length_penalty": length_penalty}
    n = min(n, num_beams)
    for place, nbest in zip(memory, decoder.search(memory, num_return_sequences=n, **options), strict=True):
        expected = plain_beam(decoder, place, **options)[:n]
        assert 1 <= len(nbest) == len(expected)
        scores = [hypothesis.score for hypothesis in nbest]
        assert scores == sorted(scores, reverse=True)
        assert scores == pytest.approx([float(score) for score, _ in expected], rel=1e-5)


@settings(deadline=None)
@given(
    decoder=decoders,
    memory=memories,
    data=st.data(),
    num_beams=st.integers(1, 5),
    max_length=st.integers(1, 10),
    length_penalty=penalties,
)
def test_a_sentence_does_not_see_its_batch(decoder, memory, data, num_beams, max_length, length_penalty):
    options = {
        "num_beams": num_beams,
        "num_return_sequences": num_beams,
        "max_length": max_length,
        "length_penalty": length_penalty,
    }
    together = decoder.search(memory, **options)
    order = data.draw(st.lists(st.sampled_from(range(len(memory))), min_size=1, max_size=5))
    assert decoder.search([memory[i] for i in order], **options) == [together[i] for i in order]


@settings(deadline=None)
@given(decoder=decoders, memory=memories, num_beams=st.integers(1, 5), max_length=st.integers(1, 10))
def test_sentences_that_are_done_leave(decoder, memory, num_beams, max_length):
    def steps(batch: list[int]) -> list[int]:
        decoder.calls.clear()
        decoder.search(batch, num_beams=num_beams, max_length=max_length)
        return [shape[0] for shape in decoder.calls]

    alone = [len(steps([place])) for place in memory]
    assert steps(memory) == [sum(count > t for count in alone) for t in range(max(alone))]
