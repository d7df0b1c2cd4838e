"""Many-to-many of the same length: words in, one tag a word out.

Bu  soruların  cevabı  imkansız  .   ->   DET NOUN NOUN ADJ PUNCT
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import IGNORE_INDEX, RNN, Batch, CharacterFeatures, Characters, TokenInput, Tokens
from seqtasks.data.labels import Labels
from seqtasks.data.ragged import Ragged
from seqtasks.data.statistics import count_labels
from seqtasks.data.tokenization import PAD
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError
from seqtasks.heads import TaggingHead
from seqtasks.metrics.score import Score
from seqtasks.metrics.tagging import is_bio, tagging_scores
from seqtasks.recipe import TaggingRecipe
from seqtasks.tasks.baselines import most_frequent_tag
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples, Prediction, Rows


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


class Tagging:
    """Tagging of words."""

    name: ClassVar = "tagging"
    shape: ClassVar = "many-to-many, same length"
    bucket_width: ClassVar = 1

    def __init__(self, recipe: TaggingRecipe, words: Vocabulary, characters: Vocabulary, labels: Labels) -> None:
        self.recipe, self.words, self.characters, self.labels = recipe, words, characters, labels

    @classmethod
    def fit(cls, recipe: TaggingRecipe, rows: Dataset) -> Self:
        """Learn which words, characters and tags there are."""
        block = recipe.tokenizer
        words = [_normalised(word, lowercase=block.lowercase) for word in chain.from_iterable(rows["tokens"])]
        return cls(
            recipe,
            Vocabulary.fit(words, vocab_size=block.vocab_size, min_frequency=block.min_frequency),
            Vocabulary.fit(chain.from_iterable(chain.from_iterable(rows["tokens"]))),
            Labels.fit(chain.from_iterable(rows["tags"])),
        )

    @property
    def primary(self) -> str:
        """Accuracy over words; F1 over spans where the tags are BIO."""
        return "span_f1" if is_bio([self.labels.names]) else "accuracy"

    @property
    def vocabulary_size(self) -> int:
        """Ids that the model knows."""
        return len(self.words)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`, `tokenizer_characters.json` and `labels.json`."""
        self.words.save(directory / "tokenizer.json")
        self.characters.save(directory / "tokenizer_characters.json")
        self.labels.save(directory / "labels.json")

    @classmethod
    def load(cls, recipe: TaggingRecipe, directory: Path) -> Self:
        """Read what `save` wrote."""
        words = Vocabulary.load(directory / "tokenizer.json")
        characters = Vocabulary.load(directory / "tokenizer_characters.json")
        return cls(recipe, words, characters, Labels.load(directory / "labels.json"))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Words and tags to ids.

        Raises:
            DataError: a row has not as many tags as words.
        """
        for index, (tokens, tags) in enumerate(zip(rows["tokens"], rows["tags"], strict=True)):
            if len(tokens) != len(tags):
                raise DataError(
                    f"row {index}: {len(tokens)} tokens but {len(tags)} tags; expected one tag for each token; "
                    "mend or remove the row"
                )
        examples = self.encode_inputs(rows["tokens"])
        tags = [self.labels.encode(tags, unseen=IGNORE_INDEX) for tags in rows["tags"]]
        targets = Ragged.from_rows(tags)
        return Examples(examples.inputs, examples.lengths, examples.cut, targets, examples.unknown)

    def encode_inputs(self, inputs: Sequence[Sequence[str]]) -> Examples:
        """Words to ids. Nothing is ever cut: every word gets its tag.

        Raises:
            DataError: an input is a text, whose letters would pass for words.
        """
        for index, sentence in enumerate(inputs):
            if isinstance(sentence, str):
                raise DataError(f'input {index}: "{sentence:.40}" is a text; expected a list of words; split it')
        distinct = list(dict.fromkeys(chain.from_iterable(inputs))) or [""]
        numbers = {word: number for number, word in enumerate(distinct)}
        lowercase = self.recipe.tokenizer.lowercase
        sentences = Sentences(
            words=Ragged.from_rows([numbers[word] for word in sentence] for sentence in inputs),
            ids=self.words.encode(_normalised(word, lowercase=lowercase) for word in distinct),
            characters=Ragged.from_rows(self.characters.encode(word or "\0") for word in distinct),
        )
        seen = np.array([_normalised(word, lowercase=lowercase) in self.words for word in distinct], dtype=bool)
        lengths = sentences.words.lengths
        return Examples(sentences, lengths, np.zeros(len(lengths), bool), unknown=~seen[sentences.words.values])

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Word ids and tags `(batch, time)`, and the spelling of the batch's distinct words."""
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
        inputs = Tokens(torch.from_numpy(ids), torch.from_numpy(np.maximum(lengths, 1)), spelled)
        targets = None
        if examples.targets is not None:
            targets = torch.from_numpy(examples.targets.pad(rows, IGNORE_INDEX)[0])
        return Batch(inputs, targets)

    def build(self) -> SequenceModel:
        """Word vectors with their spelling, a recurrent network, one score for each tag of each word."""
        block = self.recipe.input
        spelling = None
        if block.characters is not None:
            spelling = CharacterFeatures(len(self.characters), **block.characters.model_dump())
        inputs = TokenInput(len(self.words), **block.model_dump(exclude={"characters"}), characters=spelling)
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        head = TaggingHead(backbone.output_size, len(self.labels), **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The most probable tag of each word."""
        batch = self.collate(examples, rows).to(next(model.parameters()).device)
        best = model(Batch(batch.inputs)).logits.argmax(-1).tolist()
        lengths = examples.lengths[rows]
        return [
            Prediction([self.labels.names[tag] for tag in tags[:length]])
            for tags, length in zip(best, lengths, strict=True)
        ]

    def attention(self, model: SequenceModel, rows: Dataset, values: Sequence[Any]) -> list[dict[str, Any]]:
        """There is none to show."""
        return []

    def references(self, rows: Dataset) -> list[list[str]]:
        """The tags."""
        return list(rows["tags"])

    def score(self, rows: Dataset, values: Sequence[list[str]], *, intervals: bool = True) -> list[Score]:
        """Accuracy over all words and over unknown words; spans where the tags are BIO."""
        return tagging_scores(list(rows["tags"]), values, unknown=self._unknown(rows), intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[list[str]]]:
        """The most frequent tag of each word."""
        return {"most frequent tag": most_frequent_tag(train["tokens"], train["tags"], test["tokens"])}

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Words, tags and answers of each row."""
        columns = zip(rows["tokens"], rows["tags"], predictions, self._unknown(rows), strict=True)
        return [
            {
                "index": index,
                "input": tokens,
                "reference": tags,
                "prediction": answer.value,
                "unknown": unknown,
                "length": len(tokens),
            }
            for index, (tokens, tags, answer, unknown) in enumerate(columns)
        ]

    def keys(self, rows: Dataset) -> Sequence[tuple[str, ...]]:
        """The words."""
        return [tuple(tokens) for tokens in rows["tokens"]]

    def label_counts(self, rows: Dataset) -> dict[str, int]:
        """How often each tag occurs."""
        return count_labels(list(chain.from_iterable(rows["tags"])))

    def _unknown(self, rows: Dataset) -> list[list[bool]]:
        lowercase = self.recipe.tokenizer.lowercase
        return [
            [_normalised(word, lowercase=lowercase) not in self.words for word in tokens] for tokens in rows["tokens"]
        ]


def _normalised(word: str, *, lowercase: bool) -> str:
    return word.lower() if lowercase else word
