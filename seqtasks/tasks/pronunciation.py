"""Many-to-many of other length: the letters of a word in, its phonemes out.

p h o n e m e  ->  F OW N IY M
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from datasets import Dataset

from seqtasks.data.tokenization import TextTokenizer
from seqtasks.metrics.edit import error_rates
from seqtasks.metrics.score import Score
from seqtasks.recipe.blocks import TokenizerBlock
from seqtasks.tasks.baselines import translation_memory
from seqtasks.tasks.examples import Prediction, plain, values
from seqtasks.tasks.readers import LetterReader, Reader
from seqtasks.tasks.rewriting import Rewriting


class Pronunciation(Rewriting):
    """Spelling to sound. A word may have several pronunciations; all are learned, and any is right."""

    name: ClassVar = "pronunciation"
    primary: ClassVar = "phoneme_error_rate"
    reader_class: ClassVar[type[Reader]] = LetterReader
    text_role: ClassVar = "phonemes"

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn the letters and the phonemes."""
        phonemes = [text for texts in cls.alternatives(rows) for text in texts]
        tokenizer = TextTokenizer.fit(phonemes, TokenizerBlock(model="word", min_frequency=1))
        return cls(recipe, LetterReader.fit(recipe, rows["word"]), tokenizer)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        return cls(recipe, LetterReader.load(recipe, directory), TextTokenizer.load(directory / "tokenizer.json"))

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]]:
        """The letters."""
        return [[*word.lower(), "</s>"] for word in inputs]

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Phoneme and word error rate, against the closest pronunciation of each word."""
        return error_rates(self.alternatives(rows), values(predictions), unit_name="phoneme", intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The pronunciation of the training word that is spelled most alike."""
        answers = translation_memory(train["word"], self.references(train), test["word"])
        return {"most similar spelling": plain(answers)}
