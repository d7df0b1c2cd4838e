"""Lists of words to word ids and spellings."""

from collections.abc import Hashable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from seqtasks.backbone import CharacterFeatures, Characters, TokenInput, Tokens
from seqtasks.data.sentences import Sentences, normalized
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import SPECIAL_TOKENS
from seqtasks.data.vectors import WordVectors
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.readers.vectors import first_vectors, recipe_vectors


class WordReader:
    """Reads sentences that are split into words already. Nothing is ever cut.

    Args:
        recipe: with `tokenizer` and `input` blocks.
        words: word vocabulary.
        characters: character vocabulary.
        vectors: that training starts from.
    """

    role: ClassVar = "tokens"

    def __init__(
        self, recipe: Any, words: Vocabulary, characters: Vocabulary, vectors: WordVectors | None = None
    ) -> None:
        self.recipe, self.words, self.characters, self.vectors = recipe, words, characters, vectors

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
        """Learn which words and characters there are."""
        block, vectors = recipe.tokenizer, recipe_vectors(recipe)
        words = (normalized(word, lowercase=block.lowercase) for word in chain.from_iterable(stream(values)))
        vocabulary = Vocabulary.fit(
            words,
            vocab_size=block.vocab_size,
            min_frequency=block.min_frequency,
            further=vectors.words if vectors else (),
        )
        characters = Vocabulary.fit(chain.from_iterable(chain.from_iterable(stream(values))))
        return cls(recipe, vocabulary, characters, vectors)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json` and `tokenizer_characters.json`."""
        self.words.save(directory / "tokenizer.json")
        self.characters.save(directory / "tokenizer_characters.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        words = Vocabulary.load(directory / "tokenizer.json")
        return cls(recipe, words, Vocabulary.load(directory / "tokenizer_characters.json"))

    def encode(self, values: Sequence[Sequence[str]]) -> Examples:
        """Words to ids.

        Raises:
            DataError: an input is a text, whose letters would pass for words.
        """
        lowercase = self.recipe.tokenizer.lowercase
        sentences = Sentences.encode(values, self.words, self.characters, lowercase=lowercase)
        seen = np.array([self.knows(word) for word in sentences.distinct], dtype=bool)
        lengths = sentences.words.lengths
        return Examples(sentences, lengths, np.zeros(len(lengths), bool), unknown=~seen[sentences.words.values])

    def knows(self, word: str) -> bool:
        """Whether a word was seen in training, frequent or not."""
        return self.normalized(word) in self.words

    def normalized(self, word: str) -> str:
        """A word as it is read."""
        return normalized(word, lowercase=self.recipe.tokenizer.lowercase)

    def collate(self, examples: Examples, rows: Rows) -> Tokens:
        """Word ids `(batch, time)`, and the spelling of the batch's distinct words."""
        sentences: Sentences = examples.inputs
        spelled = None
        if self.recipe.input.characters is not None:
            spelled = Characters(*map(torch.from_numpy, sentences.spell(rows)))
        ids, lengths = map(torch.from_numpy, sentences.pad(rows))
        return Tokens(ids, lengths, spelled)

    def build(self) -> TokenInput:
        """A vector for each word, beside what its spelling says."""
        block = self.recipe.input
        spelling = None
        if block.characters is not None:
            spelling = CharacterFeatures(len(self.characters), **block.characters.model_dump())
        return TokenInput(
            len(self.words),
            **block.model_dump(exclude={"characters", "vectors"}),
            vectors=first_vectors(self.vectors, self.vocabulary),
            characters=spelling,
        )

    def show(self, values: Sequence[Sequence[str]]) -> list[Any]:
        """The words."""
        return list(values)

    def keys(self, values: Sequence[Sequence[str]]) -> list[Hashable]:
        """The words."""
        return [tuple(words) for words in values]
