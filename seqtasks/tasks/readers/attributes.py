"""Attributes, such as `food=Italian`, to ids; names that are to be copied are kept apart.

A name that stands in few rows cannot be learned, and need not be: in attributes and texts it is replaced by a token
(`name=*` and `<name>`), and put back into what the model writes (delexicalisation: Wen et al. 2015, arXiv:1508.01745).
"""

import re
from collections.abc import Hashable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from seqtasks.backbone import AttributeInput, Tokens
from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import PAD, UNK
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError
from seqtasks.tasks.examples import Examples, Rows

_BRACKETS = re.compile(r"\s*([^,\[\]]+?)\s*\[([^\]]*)\]")
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
        pairs = chain.from_iterable(_general(recipe, parse(value)) for value in values)
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
        parsed = [parse(value) for value in values]
        rows = [self.vocabulary.encode(_general(self.recipe, pairs)) for pairs in parsed]
        ids = Ragged.from_rows([row if len(row) else [UNK] for row in rows])
        names = [copied_names(pairs, self.recipe.attributes.delexicalize) for pairs in parsed]
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


def parse(attributes: Sequence[str] | str) -> list[tuple[str, str]]:
    """Names and values.

    Args:
        attributes: a list of `name=value`, or a text: `name=value, name=value` or `name[value], name[value]`.

    Raises:
        DataError: there is no value.
    """
    if isinstance(attributes, str) and (found := _BRACKETS.findall(attributes)):
        return [(name, value.strip()) for name, value in found]
    parts = attributes.split(",") if isinstance(attributes, str) else attributes
    pairs = []
    for part in filter(str.strip, parts):
        name, equals, value = part.partition("=")
        if not equals:
            raise DataError(f'attributes: "{part:.60}"; expected name=value or name[value]; mend the row')
        pairs.append((name.strip(), value.strip()))
    return pairs


def copied_names(pairs: Sequence[tuple[str, str]], delexicalize: Sequence[str]) -> dict[str, str]:
    """The values that are copied, by the token that stands for each."""
    return {f"<{name}>": value for name, value in pairs if name in delexicalize and value}


def delexicalized(text: str, names: dict[str, str]) -> str:
    """A text with each name replaced by its token, the longest name first."""
    for token, name in sorted(names.items(), key=lambda item: -len(item[1])):
        text = text.replace(name, token)
    return text


def lexicalized(text: str, names: dict[str, str]) -> str:
    """A text with each token replaced by its name."""
    for token, name in names.items():
        text = text.replace(token, name)
    return text


def _general(recipe: Any, pairs: Sequence[tuple[str, str]]) -> list[str]:
    copied = recipe.attributes.delexicalize
    return [f"{name}=*" if name in copied else f"{name}={value}" for name, value in pairs]
