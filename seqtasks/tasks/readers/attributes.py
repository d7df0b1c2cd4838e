"""Sets of attributes to ids."""

from collections.abc import Hashable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from seqtasks.backbone import AttributeInput, Tokens
from seqtasks.data.attributes import encode_attributes, general, parse
from seqtasks.data.tokenization import PAD, UNK
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.tasks.examples import Examples, Rows

_FILE = "attributes.json"


class AttributeReader:
    """Reads sets of attributes.

    Args:
        recipe: with `attributes` and `input` blocks.
        vocabulary: of `name=value` pairs.
    """

    role: ClassVar = "attributes"

    def __init__(self, recipe: Any, vocabulary: Vocabulary) -> None:
        self.recipe, self.vocabulary = recipe, vocabulary

    @property
    def vocabulary_size(self) -> int:
        """Attributes."""
        return len(self.vocabulary)

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Any]) -> Self:
        """Learn which attributes there are."""
        copied = recipe.attributes.delexicalize
        pairs = chain.from_iterable(general(parse(value), copied) for value in values)
        return cls(recipe, Vocabulary.fit(pairs, min_frequency=recipe.attributes.min_frequency))

    def save(self, directory: Path) -> None:
        """Write `attributes.json`."""
        self.vocabulary.save(directory / _FILE)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `attributes.json`."""
        return cls(recipe, Vocabulary.load(directory / _FILE))

    def encode(self, values: Sequence[Any]) -> Examples:
        """Attributes to ids; the notes are the names to be copied, by their token."""
        ids, names = encode_attributes(values, self.vocabulary, self.recipe.attributes.delexicalize)
        return Examples(ids, ids.lengths, np.zeros(len(ids), bool), unknown=ids.values == UNK, notes=names)

    def collate(self, examples: Examples, rows: Rows) -> Tokens:
        """Attribute ids `(batch, attributes)`."""
        ids, lengths = map(torch.from_numpy, examples.inputs.pad(rows, PAD))
        return Tokens(ids, lengths)

    def build(self) -> AttributeInput:
        """A vector for each attribute, and their sum."""
        return AttributeInput(len(self.vocabulary), **self.recipe.input.model_dump())

    def show(self, values: Sequence[Any]) -> list[str]:
        """`name=value, name=value`."""
        return [", ".join(f"{name}={value}" for name, value in parse(attributes)) for attributes in values]

    def keys(self, values: Sequence[Any]) -> list[Hashable]:
        """The attributes, in any order."""
        return [frozenset(parse(attributes)) for attributes in values]
