"""The runtime's search and Viterbi over arrays against those over tensors, over random decoders and chains."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seqtasks.decoding import beam_search, greedy
from seqtasks.errors import DivergedError
from seqtasks.heads.linear_chain import ChainScores, best_paths
from seqtasks.runtime import search
from seqtasks.runtime.viterbi import Chain, viterbi

BOS, EOS, STATES = 0, 1, 211


@dataclass(frozen=True)
class Prefix:
    code: Tensor  # (B, K)
    memory: Tensor  # (B,)

    def reorder(self, beams: Tensor) -> "Prefix":
        return Prefix(self.code.gather(1, beams), self.memory)

    def keep(self, sentences: Tensor) -> "Prefix":
        return Prefix(self.code[sentences], self.memory[sentences])


class Decoder:
    """log_probs are a random table's row, found by a hash of the prefix and the memory; over tensors and arrays."""

    def __init__(self, vocabulary: int, seed: int, scale: float) -> None:
        table = torch.randn(STATES, vocabulary, generator=torch.Generator().manual_seed(seed)) * scale
        self.table = table.log_softmax(-1)

    def over_tensors(self, tokens: Tensor, state: Prefix) -> tuple[Tensor, Prefix]:
        code = (state.code * 31 + tokens * 7 + 3 * state.memory[:, None] + 1) % STATES
        return self.table[code], Prefix(code, state.memory)

    def over_arrays(self, tokens, state, n):
        code, memory = state.hypotheses["code"], state.memory["memory"]
        code = (code * 31 + tokens[..., None] * 7 + 3 * memory[:, None, None] + 1) % STATES
        log_probs = self.table.numpy()[code[..., 0]]
        ids = np.argsort(-log_probs, axis=-1, kind="stable")[..., :n]
        return np.take_along_axis(log_probs, ids, -1), ids, search.State({"code": code}, state.memory)


@settings(max_examples=150, deadline=None)
@given(
    decoder=st.builds(Decoder, st.integers(3, 9), st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 6.0])),
    memory=st.lists(st.integers(0, 50), min_size=1, max_size=5),
    num_beams=st.integers(1, 6),
    max_length=st.integers(1, 12),
    length_penalty=st.sampled_from([0.0, 0.6, 1.0, 2.0]),
    forbidden=st.sets(st.sampled_from([0, 2])),
)
def test_a_search_finds_the_same_hypotheses(decoder, memory, num_beams, max_length, length_penalty, forbidden):
    common = {
        "batch_size": len(memory),
        "bos_id": BOS,
        "eos_id": EOS,
        "max_length": max_length,
        "forbidden_ids": forbidden,
    }
    options = {"num_beams": num_beams, "length_penalty": length_penalty}
    start = search.State({"code": np.zeros((len(memory), 1, 1), np.int64)}, {"memory": np.array(memory)})
    found = search.beam_search(decoder.over_arrays, start, **options, **common)

    begin = Prefix(torch.zeros(len(memory), 1, dtype=torch.long), torch.tensor(memory))
    expected = beam_search(decoder.over_tensors, begin, num_return_sequences=num_beams, **options, **common)
    assert found == expected
    if num_beams == 1:
        quick = greedy(decoder.over_tensors, begin, **common)
        assert [best.tokens for (best,) in found] == [best.tokens for best in quick]


def test_nothing_is_searched_for_nothing():
    options = {"bos_id": BOS, "eos_id": EOS, "num_beams": 2, "max_length": 3}
    assert search.beam_search(None, search.State({}, {}), batch_size=0, **options) == []


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_a_decoder_without_probabilities_is_told(value):
    def step(tokens, state, n):
        return np.full((1, 1, 2), value, np.float32), np.array([[[1, 2]]]), state

    state = search.State({"code": np.zeros((1, 1, 1))}, {})
    with pytest.raises(DivergedError, match="the log_probs for token 1 are NaN, or -inf for every token"):
        search.beam_search(step, state, batch_size=1, bos_id=BOS, eos_id=EOS, num_beams=2, max_length=3)


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    labels=st.integers(1, 5),
    seed=st.integers(0, 10**6),
    padding=st.sampled_from([0.0, 1e6, np.nan]),
)
def test_the_best_path_is_the_same(lengths, labels, seed, padding):
    draw = np.random.default_rng(seed)
    emissions = draw.normal(size=(len(lengths), max(lengths), labels)).astype(np.float32)
    for row, length in enumerate(lengths):
        emissions[row, length:] = padding
    parts = [draw.normal(size=shape).astype(np.float32) for shape in (labels, (labels, labels), labels)]
    found = viterbi(emissions, np.array(lengths), Chain(*parts))
    paths, _ = best_paths(
        torch.from_numpy(emissions), torch.tensor(lengths), ChainScores(*map(torch.from_numpy, parts)), 1
    )
    for row, length in enumerate(lengths):
        assert found[row, :length].tolist() == paths[row, 0, :length].tolist()
