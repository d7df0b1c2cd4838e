"""Lists of words to word ids, spellings and factors."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from seqtasks.backbone import CharacterFeatures, Characters, TokenInput, Tokens
from seqtasks.data.factors import load_factors, save_factors, split_factors
from seqtasks.data.sentences import Sentences, normalized
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import SPECIAL_TOKENS
from seqtasks.data.vectors import WordVectors
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.readers.known_words import known_words
from seqtasks.tasks.readers.vectors import first_vectors, recipe_vectors


class WordReader:
    """Reads sentences that are split into words already. Nothing is ever cut.

    Args:
        recipe: with `tokenizer` and `input` blocks.
        words: word vocabulary.
        characters: character vocabulary.
        factors: the values of each factor, by its column.
        vectors: that training starts from.
    """

    role: ClassVar = "tokens"

    def __init__(
        self,
        recipe: Any,
        words: Vocabulary,
        characters: Vocabulary,
        factors: Mapping[str, Vocabulary],
        vectors: WordVectors | None = None,
    ) -> None:
        self.recipe, self.words, self.characters = recipe, words, characters
        self.factors, self.vectors = factors, vectors

    @property
    def vocabulary_size(self) -> int:
        """Words."""
        return len(self.words)

    @property
    def vocabulary(self) -> list[str]:
        """All words, in the order of their ids."""
        return [*SPECIAL_TOKENS[:2], *self.words.items[: self.words.kept]]

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Sequence[str]]) -> Self:
        """Learn which words, characters and values of factors there are."""
        block, vectors = recipe.tokenizer, recipe_vectors(recipe)
        names = recipe.dataset.columns.factors

        def parts(place: int) -> Iterator[str]:
            return (split_factors(token, names)[place] for token in chain.from_iterable(stream(values)))

        vocabulary = Vocabulary.fit(
            (normalized(word, lowercase=block.lowercase) for word in parts(0)),
            vocab_size=block.vocab_size,
            min_frequency=block.min_frequency,
            further=known_words(recipe, vectors),
        )
        factors = {name: Vocabulary.fit(parts(place)) for place, name in enumerate(names, 1)}
        return cls(recipe, vocabulary, Vocabulary.fit(chain.from_iterable(parts(0))), factors, vectors)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`, `tokenizer_characters.json` and, if there are factors, `factors.json`."""
        self.words.save(directory / "tokenizer.json")
        self.characters.save(directory / "tokenizer_characters.json")
        save_factors(directory / "factors.json", self.factors)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        words = Vocabulary.load(directory / "tokenizer.json")
        characters = Vocabulary.load(directory / "tokenizer_characters.json")
        return cls(recipe, words, characters, load_factors(directory / "factors.json"))

    def encode(self, values: Sequence[Sequence[str]]) -> Examples:
        """Words to ids.

        Raises:
            DataError: an input is a text, whose letters would pass for words, or a word lacks a factor.
        """
        lowercase = self.recipe.tokenizer.lowercase
        sentences = Sentences.encode(values, self.words, self.characters, self.factors, lowercase=lowercase)
        seen = np.array([self.knows(word) for word in sentences.distinct], dtype=bool)
        lengths = sentences.words.lengths
        return Examples(sentences, lengths, np.zeros(len(lengths), bool), unknown=~seen[sentences.words.values])

    def knows(self, word: str) -> bool:
        """Whether a word, without factors, was seen in training, frequent or not."""
        return self.normalized(word) in self.words

    def normalized(self, word: str) -> str:
        """A word, without factors, as it is read."""
        return normalized(word, lowercase=self.recipe.tokenizer.lowercase)

    def collate(self, examples: Examples, rows: Rows) -> Tokens:
        """Word ids `(batch, time)`, the spelling of the batch's distinct words, and factors."""
        sentences: Sentences = examples.inputs
        spelled = None
        if self.recipe.input.characters is not None:
            spelled = Characters(*map(torch.from_numpy, sentences.spell(rows)))
        ids, lengths = map(torch.from_numpy, sentences.pad(rows))
        return Tokens(ids, lengths, spelled, torch.from_numpy(sentences.describe(rows)) if self.factors else None)

    def build(self) -> TokenInput:
        """A vector for each word, beside what its spelling and its factors say."""
        block = self.recipe.input
        spelling = None
        if block.characters is not None:
            spelling = CharacterFeatures(len(self.characters), **block.characters.model_dump())
        return TokenInput(
            len(self.words),
            **block.model_dump(exclude={"characters", "vectors"}),
            vectors=first_vectors(self.vectors, self.vocabulary),
            characters=spelling,
            factor_vocab_sizes=[len(vocabulary) for vocabulary in self.factors.values()],
        )

    def show(self, values: Sequence[Sequence[str]]) -> list[Any]:
        """The words, without factors."""
        return [self.plain(tokens) for tokens in values]

    def plain(self, tokens: Sequence[str]) -> list[str]:
        """Words without their factors."""
        return [split_factors(token, list(self.factors))[0] for token in tokens]

    def keys(self, values: Sequence[Sequence[str]]) -> list[Hashable]:
        """The words, with factors."""
        return [tuple(words) for words in values]
