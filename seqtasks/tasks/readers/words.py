"""Lists of words to word ids and spellings."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from seqtasks.backbone import CharacterFeatures, Characters, TokenInput, Tokens
from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import PAD
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError
from seqtasks.tasks.examples import Examples, Rows


@dataclass(frozen=True)
class Sentences:
    """Sentences as numbers into a table of their distinct words, so each word is looked up once.

    Attributes:
        words: the distinct word at each place.
        ids: vocabulary id of each distinct word, `(distinct,)`.
        characters: spelling of each distinct word.
    """

    words: Ragged
    ids: NDArray[np.int32]
    characters: Ragged


class WordReader:
    """Reads sentences that are split into words already. Nothing is ever cut.

    Args:
        recipe: with `tokenizer` and `input` blocks.
        words: word vocabulary.
        characters: character vocabulary.
    """

    role: ClassVar = "tokens"

    def __init__(self, recipe: Any, words: Vocabulary, characters: Vocabulary) -> None:
        self.recipe, self.words, self.characters = recipe, words, characters

    @property
    def vocabulary_size(self) -> int:
        """Words."""
        return len(self.words)

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Sequence[str]]) -> Self:
        """Learn which words and characters there are."""
        block = recipe.tokenizer
        words = [_normalised(word, lowercase=block.lowercase) for word in chain.from_iterable(values)]
        vocabulary = Vocabulary.fit(words, vocab_size=block.vocab_size, min_frequency=block.min_frequency)
        return cls(recipe, vocabulary, Vocabulary.fit(chain.from_iterable(chain.from_iterable(values))))

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
        for index, sentence in enumerate(values):
            if isinstance(sentence, str):
                raise DataError(f'input {index}: "{sentence:.40}" is a text; expected a list of words; split it')
        distinct = list(dict.fromkeys(chain.from_iterable(values))) or [""]
        numbers = {word: number for number, word in enumerate(distinct)}
        lowercase = self.recipe.tokenizer.lowercase
        sentences = Sentences(
            words=Ragged.from_rows([numbers[word] for word in sentence] for sentence in values),
            ids=self.words.encode(_normalised(word, lowercase=lowercase) for word in distinct),
            characters=Ragged.from_rows(self.characters.encode(word or "\0") for word in distinct),
        )
        seen = np.array([self.knows(word) for word in distinct], dtype=bool)
        lengths = sentences.words.lengths
        return Examples(sentences, lengths, np.zeros(len(lengths), bool), unknown=~seen[sentences.words.values])

    def knows(self, word: str) -> bool:
        """Whether a word was seen in training, frequent or not."""
        return _normalised(word, lowercase=self.recipe.tokenizer.lowercase) in self.words

    def collate(self, examples: Examples, rows: Rows) -> Tokens:
        """Word ids `(batch, time)`, and the spelling of the batch's distinct words."""
        sentences: Sentences = examples.inputs
        places, lengths = sentences.words.pad(rows, 0)
        padding = np.arange(places.shape[1]) >= lengths[:, None]
        ids = np.where(padding, PAD, sentences.ids[places].astype(np.int64))
        spelled = None
        if self.recipe.input.characters is not None:
            distinct, words = np.unique(places, return_inverse=True)
            spelling, spelling_lengths = sentences.characters.pad(distinct, PAD)
            spelled = Characters(
                torch.from_numpy(spelling),
                torch.from_numpy(spelling_lengths),
                torch.from_numpy(words.reshape(places.shape)),
            )
        return Tokens(torch.from_numpy(ids), torch.from_numpy(np.maximum(lengths, 1)), spelled)

    def build(self) -> TokenInput:
        """A vector for each word, beside what its spelling says."""
        block = self.recipe.input
        spelling = None
        if block.characters is not None:
            spelling = CharacterFeatures(len(self.characters), **block.characters.model_dump())
        return TokenInput(len(self.words), **block.model_dump(exclude={"characters"}), characters=spelling)

    def show(self, values: Sequence[Sequence[str]]) -> list[Any]:
        """The words."""
        return list(values)

    def keys(self, values: Sequence[Sequence[str]]) -> list[Hashable]:
        """The words."""
        return [tuple(words) for words in values]


def _normalised(word: str, *, lowercase: bool) -> str:
    return word.lower() if lowercase else word
