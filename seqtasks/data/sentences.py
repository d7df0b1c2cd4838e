"""Sentences that are split into words: ids of words, spelling and factors, each distinct token once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.factors import SEPARATOR, split_factors
from seqtasks.data.ragged import Ragged
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import PAD
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError


@dataclass(frozen=True)
class Sentences:
    """Sentences as numbers into a table of their distinct tokens, words with their factors; each is looked up once.

    Attributes:
        words: the distinct token at each place.
        distinct: the words of these tokens, without factors.
        ids: vocabulary id of each distinct token's word, `(distinct,)`.
        characters: spelling of each distinct token's word.
        factors: ids of each distinct token's factors, `(distinct, factors)`.
    """

    words: Ragged
    distinct: list[str]
    ids: NDArray[np.int32]
    characters: Ragged
    factors: NDArray[np.int32]

    @classmethod
    def encode(
        cls,
        values: Sequence[Sequence[str]],
        words: Vocabulary,
        characters: Vocabulary,
        factors: Mapping[str, Vocabulary],
        *,
        lowercase: bool,
    ) -> Self:
        """Look up words, letters and factors.

        Args:
            values: lists of words, with their factors behind them if there are some.
            words: the vocabulary of words.
            characters: the vocabulary of letters, which are read as they are.
            factors: the values of each factor.
            lowercase: words are looked up in lower case.

        Raises:
            DataError: an input is a text, whose letters would pass for words, or a word lacks a factor.
        """
        for index, sentence in enumerate(stream(values)):
            if isinstance(sentence, str):
                raise DataError(f'input {index}: "{sentence:.40}" is a text; expected a list of words; split it')
        tokens = list(dict.fromkeys(chain.from_iterable(stream(values)))) or [SEPARATOR * len(factors)]
        numbers = {token: number for number, token in enumerate(tokens)}
        parts = [split_factors(token, list(factors)) for token in tokens]
        distinct, *columns = map(list, zip(*parts, strict=True))
        found = [vocabulary.encode(column) for vocabulary, column in zip(factors.values(), columns, strict=True)]
        return cls(
            words=Ragged.from_rows([numbers[token] for token in sentence] for sentence in stream(values)),
            distinct=distinct,
            ids=words.encode(normalized(word, lowercase=lowercase) for word in distinct),
            characters=Ragged.from_rows(characters.encode(word or "\0") for word in distinct),
            factors=np.array(found, dtype=np.int32).reshape(len(factors), len(tokens)).T,
        )

    def pad(self, rows: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cut a batch.

        Args:
            rows: which sentences, `(batch,)`.

        Returns:
            Word ids `(batch, time)` and lengths `(batch,)`; a sentence without words has one step of padding, so that
            there is a step to run.
        """
        places, lengths = self.words.pad(rows, 0)
        padding = np.arange(places.shape[1]) >= lengths[:, None]
        return np.where(padding, PAD, self.ids[places].astype(np.int64)), np.maximum(lengths, 1)

    def describe(self, rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """The factors of a batch, `(batch, time, factors)`.

        Args:
            rows: which sentences, `(batch,)`.
        """
        places, lengths = self.words.pad(rows, 0)
        real = np.arange(places.shape[1]) < lengths[:, None]
        return np.where(real[..., None], self.factors[places].astype(np.int64), PAD)

    def spell(self, rows: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The spelling of a batch's distinct words.

        Args:
            rows: which sentences, `(batch,)`.

        Returns:
            Character ids `(words, longest_word)`, their lengths `(words,)`, and which distinct word stands where,
            `(batch, time)`.
        """
        places, _ = self.words.pad(rows, 0)
        distinct, words = np.unique(places, return_inverse=True)
        return *self.characters.pad(distinct, PAD), words.reshape(places.shape)


def normalized(word: str, *, lowercase: bool) -> str:
    """A word as the vocabulary holds it."""
    return word.lower() if lowercase else word
