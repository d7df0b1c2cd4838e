"""Many-to-many of the same length: words in, one tag a word out.

Bu  soruların  cevabı  imkansız  .   ->   DET NOUN NOUN ADJ PUNCT
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from torch.nn.utils.rnn import pad_sequence

from seqtasks.backbone import IGNORE_INDEX, RNN, Batch
from seqtasks.data.labels import Labels
from seqtasks.data.ragged import Ragged
from seqtasks.data.statistics import count_labels
from seqtasks.data.streaming import stream
from seqtasks.errors import DataError, RunError
from seqtasks.heads import CRFTaggingHead, TaggingHead, bio_constraints
from seqtasks.metrics.score import Score
from seqtasks.metrics.tagging import is_bio, tagging_scores
from seqtasks.metrics.words import count_words
from seqtasks.tasks.baselines import most_frequent_tag
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import Reader, WordReader
from seqtasks.tasks.task import Task, device_of


class Tagging(Task):
    """One tag for each step; here, for each word.

    Args:
        recipe: what to build.
        reader: of the inputs.
        labels: the tags to choose from.
    """

    name: ClassVar = "tagging"
    shape: ClassVar = "many-to-many, same length"
    steps: ClassVar = "tokens"
    """What is tagged, for people."""
    reader_class: ClassVar[type[Reader]] = WordReader

    def __init__(self, recipe: Any, reader: Reader, labels: Labels) -> None:
        super().__init__(recipe, reader)
        self.labels = labels

    @property
    def primary(self) -> str:
        """Accuracy over words; F1 over spans where the tags are BIO."""
        return "span_f1" if is_bio([self.labels.names]) else "accuracy"

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn to read the inputs, and which tags there are."""
        reader = cls.reader_class.fit(recipe, rows[cls.reader_class.role])
        return cls(recipe, reader, Labels.fit(chain.from_iterable(rows["tags"])))

    def save(self, directory: Path) -> None:
        """Write the reader's files and `labels.json`."""
        self.reader.save(directory)
        self.labels.save(directory / "labels.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        return cls(recipe, cls.reader_class.load(recipe, directory), Labels.load(directory / "labels.json"))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Inputs and tags to numbers.

        Raises:
            DataError: a row has not as many tags as steps, or BIO tags that a CRF is to learn break the scheme.
        """
        role = self.reader.role
        for index, (steps, tags) in enumerate(zip(rows[role], rows["tags"], strict=True)):
            if len(steps) != len(tags):
                raise DataError(
                    f"row {index}: {len(steps)} {role} but {len(tags)} tags; expected as many of both; "
                    "mend or remove the row"
                )
        if training and self.recipe.head.crf:
            _check_scheme(rows["tags"], self.labels.names)
        tags = [self.labels.encode(tags, unseen=IGNORE_INDEX) for tags in rows["tags"]]
        return self.reader.encode(rows[role]).with_targets(Ragged.from_rows(tags))

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """The inputs, and tags `(batch, time)`."""
        targets = None
        if examples.targets is not None:
            targets = torch.from_numpy(examples.targets.pad(rows, IGNORE_INDEX)[0])
        return Batch(self.reader.collate(examples, rows), targets)

    def build(self) -> SequenceModel:
        """Vectors, a recurrent network, one score for each tag of each step; with a CRF, of each pair of tags."""
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        block = self.recipe.head
        sizes = backbone.output_size, len(self.labels)
        head: TaggingHead | CRFTaggingHead
        if block.crf:
            transitions, starts = bio_constraints(self.labels.names)
            head = CRFTaggingHead(
                *sizes, dropout=block.dropout, forbidden_transitions=transitions, forbidden_starts=starts
            )
        else:
            head = TaggingHead(*sizes, **block.model_dump(exclude={"crf"}))
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The most probable tag of each step; with a CRF, the most probable sequence of tags."""
        head: Any = model.head
        best = head.best_labels(*self._scored(model, examples, rows))
        return [Prediction(self._names(tags)) for tags in self._real(best, examples, rows)]

    def predict_with_details(self, model: SequenceModel, examples: Examples, rows: Rows) -> list[Prediction]:
        """As `predict`, with the probability of each tag: of the tag at its step, whatever the others are."""
        head: Any = model.head
        scored = self._scored(model, examples, rows)
        best = head.best_labels(*scored)
        ids = pad_sequence([torch.tensor(tags) for tags in best], batch_first=True).to(scored[0].device)
        probabilities = head.marginals(*scored)[:, : ids.shape[1]].gather(-1, ids[..., None])[..., 0].tolist()
        columns = (self._real(column, examples, rows) for column in (best, probabilities))
        return [
            Prediction(self._names(tags), {"probability": [round(number, 4) for number in numbers]})
            for tags, numbers in zip(*columns, strict=True)
        ]

    def _scored(self, model: SequenceModel, examples: Examples, rows: Rows) -> tuple[torch.Tensor, torch.Tensor]:
        """The score of each tag `(batch, time, tags)`, and lengths `(batch,)`, at least 1."""
        inputs: Any = self.collate(examples, rows).to(device_of(model)).inputs
        return model(Batch(inputs)).logits, inputs.lengths

    def _names(self, tags: Sequence[int]) -> list[str]:
        return [self.labels.names[tag] for tag in tags]

    def _real(self, answers: Sequence[list[Any]], examples: Examples, rows: Rows) -> list[list[Any]]:
        """An answer for each step that the row has; the model reads one where there is none."""
        return [row[:length] for row, length in zip(answers, self._steps(examples, rows), strict=True)]

    def _steps(self, examples: Examples, rows: Rows) -> list[int]:
        """How many answers each row gets."""
        return np.asarray(examples.lengths)[rows].tolist()

    def stream(self, model: SequenceModel, steps: Iterable[Any]) -> Iterator[Prediction]:
        """A tag for each step as soon as it is there.

        Raises:
            RunError: the network reads backwards too, or a CRF weighs the whole sequence.
        """
        block = self.recipe
        if block.backbone.bidirectional or block.head.crf:
            why = "backbone.bidirectional" if block.backbone.bidirectional else "head.crf"
            raise RunError(f"stream: {why} is true and needs the whole input; expected false; train without it")
        state = None
        for step in steps:
            inputs = self.reader.collate(self.reader.encode([[step]]), np.zeros(1, np.int64))
            with torch.inference_mode():
                encoding = model.read_on(inputs.to(device_of(model)), state)
                tag = int(model.head(encoding).logits[0, 0].argmax())
            state = encoding.state
            yield Prediction(self.labels.names[tag])

    def references(self, rows: Dataset) -> list[list[str]]:
        """The tags."""
        return list(rows["tags"])

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Accuracy over all words and over unknown words; spans where the tags are BIO."""
        return tagging_scores(
            list(rows["tags"]), values(predictions), unknown=self.unknown(rows), intervals=intervals, steps=self.steps
        )

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The most frequent tag of each word."""
        return {"most frequent tag": plain(most_frequent_tag(train["tokens"], train["tags"], test["tokens"]))}

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Steps, tags and answers of each row."""
        records = super().records(rows, predictions)
        lengths = map(len, rows["tags"])
        columns = zip(records, self.unknown(rows), lengths, strict=True)
        return [record | {"unknown": unknown, "length": length} for record, unknown, length in columns]

    def unknown(self, rows: Dataset) -> list[list[bool]]:
        """For each word whether training lacked it."""
        reader = self.reader
        if not isinstance(reader, WordReader):
            raise TypeError(f"reader: {type(reader).__name__} has no words; expected a WordReader")
        return [[not reader.knows(word) for word in reader.plain(tokens)] for tokens in rows["tokens"]]

    def word_counts(self, train: Dataset, test: Dataset, predictions: Sequence[Prediction]) -> dict[str, int] | None:
        """Words are those that are read; one that is read as another shares its count."""
        if not isinstance(self.reader, WordReader):
            return None
        asked, known = (chain.from_iterable(map(self.reader.plain, stream(rows["tokens"]))) for rows in (test, train))
        read_as = {word: self.reader.normalized(word) for word in asked}
        words = map(self.reader.normalized, known)
        counts = count_words([words], [read_as.values()])
        return {word: counts[same] for word, same in read_as.items() if same in counts}

    def label_counts(self, rows: Dataset) -> dict[str, int]:
        """How often each tag occurs."""
        return count_labels(list(chain.from_iterable(rows["tags"])))


def _check_scheme(rows: Sequence[Sequence[str]], names: Sequence[str]) -> None:
    """A CRF forbids what IOB2 forbids; rows of the older IOB1 would be impossible to it."""
    if not is_bio([names]):
        return
    for index, tags in enumerate(rows):
        for before, tag in zip(["O", *tags], tags, strict=False):
            if tag.startswith("I-") and before[1:] != tag[1:]:
                raise DataError(
                    f"row {index}: {tag} follows {before}; expected IOB2, where a span begins with B-{tag[2:]}; "
                    "convert the tags, or set head.crf to false"
                )
