"""Spelling anew keeps the text, and rate 0 keeps the tokens."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqtasks.data.ragged import Ragged
from seqtasks.data.subwords import Respelled
from seqtasks.data.tokenization import EOS, PAD, TextTokenizer
from seqtasks.recipe.blocks import TokenizerBlock

TEXTS = ["the lower the newer", "newest and lowest, the widest", "the the the the the", ""]


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    block = TokenizerBlock(model="bpe", vocab_size=90, min_frequency=1)
    return TextTokenizer.fit(TEXTS * 3, block, whole_tokens=["<0>"])


def cut(tokenizer: TextTokenizer, rate: float, rows: list[int]) -> tuple[list[list[int]], list[int]]:
    ids, _ = tokenizer.encode(TEXTS, end=True)
    respelled = Respelled(ids.values, ids.offsets, tokenizer.halves(), rate)
    padded, lengths = respelled.pad(np.array(rows), PAD)
    assert padded.dtype == np.int64
    for row, length in zip(padded, lengths, strict=True):
        assert (row[length:] == PAD).all()
        assert row[length - 1] == EOS
    return [row[:length].tolist() for row, length in zip(padded, lengths, strict=True)], lengths.tolist()


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_the_text_stays_the_same_at_any_rate(tokenizer: TextTokenizer, rate: float) -> None:
    spelled, _ = cut(tokenizer, rate, [2, 0, 3, 1, 0])
    assert tokenizer.decode([row[:-1] for row in spelled]) == [TEXTS[row] for row in (2, 0, 3, 1, 0)]


def test_nothing_is_undone_at_rate_0_and_everything_at_rate_1(tokenizer: TextTokenizer) -> None:
    ids, _ = tokenizer.encode(TEXTS, end=True)
    whole, _ = cut(tokenizer, 0.0, [0, 1])
    assert whole == [ids[0].tolist(), ids[1].tolist()]
    letters, lengths = cut(tokenizer, 1.0, [0, 1])
    assert lengths == [len("▁" + TEXTS[0]) + 1, len("▁" + TEXTS[1]) + 1]
    assert all(len(token) == 1 for row in letters for token in tokenizer.tokens(row[:-1]))


def test_the_share_that_is_undone_is_the_rate() -> None:
    halves = np.array([[-1, -1], [-1, -1], [0, 1]], dtype=np.int32)
    rows = Respelled(np.full(20_000, 2, dtype=np.int32), np.array([0, 20_000]), halves, 0.25)
    _, lengths = rows.pad(np.array([0]), PAD)
    assert lengths[0] == pytest.approx(25_000, abs=250)


def test_each_batch_is_spelled_anew_and_the_seed_decides_how(tokenizer: TextTokenizer) -> None:
    torch.manual_seed(3)
    first, second = (cut(tokenizer, 0.5, [0, 1, 2]) for _ in range(2))
    torch.manual_seed(3)
    assert cut(tokenizer, 0.5, [0, 1, 2]) == first != second


def test_lengths_are_those_of_whole_subwords(tokenizer: TextTokenizer) -> None:
    ids, _ = tokenizer.encode(TEXTS, end=True)
    respelled = Respelled(ids.values, ids.offsets, tokenizer.halves(), 1.0)
    assert respelled.lengths.tolist() == ids.lengths.tolist()
    assert isinstance(respelled, Ragged)


def test_halves_are_those_of_the_merges_and_of_nothing_else(tokenizer: TextTokenizer) -> None:
    halves = tokenizer.halves()
    assert (halves[:4] == -1).all()
    for token, (left, right) in zip(tokenizer.vocabulary, halves, strict=True):
        if left < 0:
            assert len(token) == 1 or token.startswith("<")
        else:
            assert "".join(tokenizer.tokens([left, right])) == token


@pytest.mark.parametrize("model", ["word", "character"])
def test_other_models_have_no_halves(model: str, tmp_path: Path) -> None:
    tokenizer = TextTokenizer.fit(TEXTS, TokenizerBlock(model=model, min_frequency=1))  # type: ignore[arg-type]
    assert (tokenizer.halves() == -1).all()
