"""Texts to token ids."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import torch

from seqtasks.backbone import TokenInput, Tokens
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import PAD, UNK, TextTokenizer
from seqtasks.tasks.examples import Examples, Rows


class TextReader:
    """Reads texts through a tokenizer.

    Args:
        recipe: with `tokenizer` and `input` blocks.
        tokenizer: fitted.
    """

    role: ClassVar = "text"

    def __init__(self, recipe: Any, tokenizer: TextTokenizer) -> None:
        self.recipe, self.tokenizer = recipe, tokenizer

    @property
    def vocabulary_size(self) -> int:
        """Tokens."""
        return len(self.tokenizer)

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[str]) -> Self:
        """Learn the vocabulary."""
        return cls(recipe, TextTokenizer.fit(values, recipe.tokenizer))

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
        return TokenInput(len(self.tokenizer), **self.recipe.input.model_dump())

    def show(self, values: Sequence[str]) -> list[str]:
        """The texts."""
        return list(stream(values))

    def keys(self, values: Sequence[str]) -> list[Hashable]:
        """The texts."""
        return list(stream(values))
