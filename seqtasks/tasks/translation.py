"""Many-to-many of other length: a text in, another text out, through an encoder and a decoder.

    "The PIN is invalid."  ->  "Le code PIN est invalide."

One tokenizer serves both sides; so does one embedding matrix if both blocks give the same `embedding_size`.
Placeholders such as `{name}` pass through as numbered tokens, so the model need not spell them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

from datasets import Dataset

from seqtasks.data.placeholders import TOKENS as PLACEHOLDER_TOKENS
from seqtasks.data.placeholders import faithful, mask, unmask
from seqtasks.data.ragged import Ragged
from seqtasks.data.streaming import stream
from seqtasks.data.subwords import Respelled
from seqtasks.data.tokenization import EOS, TextTokenizer
from seqtasks.decoding import Hypothesis
from seqtasks.metrics.score import Score
from seqtasks.metrics.text import TextMetric, placeholder_score, text_scores
from seqtasks.tasks.baselines import copy_source, translation_memory
from seqtasks.tasks.examples import Examples, Prediction, plain, values
from seqtasks.tasks.readers import Reader, SourceReader
from seqtasks.tasks.rewriting import Rewriting


class Translation(Rewriting):
    """Text to text."""

    name: ClassVar = "translation"
    primary: ClassVar = "bleu"
    reader_class: ClassVar[type[Reader]] = SourceReader
    text_role: ClassVar = "target"

    def __init__(self, recipe: Any, reader: Reader, tokenizer: TextTokenizer) -> None:
        super().__init__(recipe, reader, tokenizer)
        self._placeholders = frozenset(tokenizer.ids(PLACEHOLDER_TOKENS))

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn one vocabulary from both sides."""

        def texts() -> Iterator[str]:
            for source, target in zip(stream(rows[cls.reader_class.role]), stream(rows[cls.text_role]), strict=True):
                masked, names = mask(source)
                yield masked
                yield mask(target, names)[0]

        return cls.with_tokenizer(recipe, TextTokenizer.fit(texts(), recipe.tokenizer, whole_tokens=PLACEHOLDER_TOKENS))

    @classmethod
    def with_tokenizer(cls, recipe: Any, tokenizer: TextTokenizer) -> Self:
        """A task whose two sides share a tokenizer."""
        reader: Any = cls.reader_class
        return cls(recipe, reader(recipe, tokenizer), tokenizer)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`."""
        self.tokenizer.save(directory / "tokenizer.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `tokenizer.json`."""
        path = directory / "tokenizer.json"
        return cls.with_tokenizer(recipe, TextTokenizer.load(path, max_length=recipe.tokenizer.max_length))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Both sides to ids; in training, batches may spell them anew."""
        examples = super().encode(rows, training=training)
        rate = self.recipe.tokenizer.dropout
        if not (training and rate):
            return examples
        halves = self.tokenizer.halves()

        def respelled(side: Ragged) -> Respelled:
            return Respelled(side.values, side.offsets, halves, rate)

        return replace(examples, inputs=respelled(examples.inputs), targets=respelled(examples.targets))

    def prepare(self, text: str, note: Any) -> str:
        """The source's placeholders become tokens."""
        return mask(text, note)[0]

    def finish(self, text: str, note: Any) -> str:
        """Tokens become placeholders."""
        return unmask(text, note)

    def choose(self, candidates: Sequence[Hypothesis], examples: Examples, source: int) -> Hypothesis:
        """The best candidate that has the source's placeholders, each as often; the best one if none has."""
        ids = examples.inputs[source].tolist()
        if ids == [EOS]:  # there is nothing to translate
            return replace(candidates[0], tokens=[])
        return candidates[faithful([candidate.tokens for candidate in candidates], ids, self._placeholders)]

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]]:
        """The tokens of the source."""
        read = self.reader.encode(inputs)
        return [self.tokenizer.tokens(read.inputs[row]) for row in range(len(read))]

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """BLEU, chrF and TER on plain text; whether placeholders survive, where there are any."""
        references, texts = self.alternatives(rows), values(predictions)
        metrics: tuple[TextMetric, ...] = ("bleu", "chrf", "ter") if intervals else ("bleu", "chrf")
        scores = text_scores(references, texts, metrics=metrics, **self.recipe.scores.model_dump(), intervals=intervals)
        placeholders = placeholder_score(references, texts, intervals=intervals)
        return scores if placeholders is None else [*scores, placeholders]

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Copying, and the translation of the most similar training source."""
        remembered = translation_memory(train["source"], train["target"], test["source"])
        return {"copy the source": plain(copy_source(test["source"])), "translation memory": plain(remembered)}
