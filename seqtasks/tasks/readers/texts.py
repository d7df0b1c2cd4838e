"""Texts to token ids."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import torch

from seqtasks.backbone import TokenInput, Tokens
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import PAD, UNK, TextTokenizer
from seqtasks.data.vectors import WordVectors
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.readers.known_words import known_words
from seqtasks.tasks.readers.vectors import first_vectors, recipe_vectors


class TextReader:
    """Reads texts through a tokenizer.

    Args:
        recipe: with `tokenizer` and `input` blocks.
        tokenizer: fitted.
        vectors: that training starts from.
    """

    role: ClassVar = "text"

    def __init__(self, recipe: Any, tokenizer: TextTokenizer, vectors: WordVectors | None = None) -> None:
        self.recipe, self.tokenizer, self.vectors = recipe, tokenizer, vectors

    @property
    def vocabulary_size(self) -> int:
        """Tokens."""
        return len(self.tokenizer)

    @property
    def vocabulary(self) -> list[str]:
        """All tokens, in the order of their ids."""
        return self.tokenizer.vocabulary

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[str]) -> Self:
        """Learn the vocabulary."""
        vectors = recipe_vectors(recipe)
        tokenizer = TextTokenizer.fit(values, recipe.tokenizer, further_words=known_words(recipe, vectors))
        return cls(recipe, tokenizer, vectors)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`."""
        self.tokenizer.save(directory / "tokenizer.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `tokenizer.json`."""
        return cls(recipe, TextTokenizer.load(directory / "tokenizer.json", max_length=recipe.tokenizer.max_length))

    def encode(self, values: Sequence[str]) -> Examples:
        """Texts to ids."""
        ids, cut = self.tokenizer.encode(values)
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK)

    def collate(self, examples: Examples, rows: Rows) -> Tokens:
        """Token ids `(batch, time)`."""
        ids, lengths = map(torch.from_numpy, examples.inputs.pad(rows, PAD))
        return Tokens(ids, lengths)

    def build(self) -> TokenInput:
        """A vector for each token."""
        settings = self.recipe.input.model_dump(exclude={"vectors"})
        return TokenInput(len(self.tokenizer), **settings, vectors=first_vectors(self.vectors, self.vocabulary))

    def show(self, values: Sequence[str]) -> list[str]:
        """The texts."""
        return list(stream(values))

    def keys(self, values: Sequence[str]) -> list[Hashable]:
        """The texts."""
        return list(stream(values))
