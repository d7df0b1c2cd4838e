"""Words to the ids of their letters."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from seqtasks.data.tokenization import UNK, TextTokenizer
from seqtasks.recipe.blocks import TokenizerBlock
from seqtasks.tasks.examples import Examples
from seqtasks.tasks.readers.texts import TextReader

_FILE = "tokenizer_letters.json"


class LetterReader(TextReader):
    """Reads the spelling of a word, lower-cased."""

    role: ClassVar = "word"

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[str]) -> Self:
        """Learn which letters there are."""
        block = TokenizerBlock(model="character", min_frequency=1, lowercase=True)
        return cls(recipe, TextTokenizer.fit(values, block))

    def save(self, directory: Path) -> None:
        """Write `tokenizer_letters.json`."""
        self.tokenizer.save(directory / _FILE)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `tokenizer_letters.json`."""
        return cls(recipe, TextTokenizer.load(directory / _FILE))

    def encode(self, values: Sequence[str]) -> Examples:
        """Letters to ids, with an end token."""
        ids, cut = self.tokenizer.encode(values, end=True)
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK)
