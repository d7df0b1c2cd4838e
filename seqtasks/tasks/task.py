"""What a task is: the one place where data, model and metric meet.

A task is a page of its own in this package. It is fitted on the training rows, and from then on turns rows into
examples, examples into batches, batches into predictions, and predictions into scores. What most tasks do alike
stands here; a page says what is different.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import torch
from datasets import Dataset

from seqtasks.backbone import Batch
from seqtasks.data.batching import evaluation_batches, training_batches
from seqtasks.errors import RunError
from seqtasks.metrics.score import Score
from seqtasks.tasks.examples import Examples, Prediction, Rows
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import Reader


class Task:
    """Base of all tasks; one table of contract tests drives every one of them.

    Args:
        recipe: that it is made for.
        reader: encodes the inputs.
    """

    name: ClassVar[str]
    """The value of `task:` in a recipe."""

    shape: ClassVar[str]
    """What textbooks call it, such as many-to-one."""

    bucket_width: ClassVar[int] = 1
    """Training rows whose lengths differ by less than this count as equally long when batches are cut."""

    is_stream: ClassVar[bool] = False
    """Whether a row is read after those before it, so that their order matters."""

    def __init__(self, recipe: Any, reader: Reader) -> None:
        self.recipe, self.reader = recipe, reader

    reader_class: ClassVar[type[Reader]]
    """Encodes the inputs."""

    @classmethod
    def reader_for(cls, recipe: Any) -> type[Reader]:
        """`reader_class`, unless the recipe has a say in it."""
        return cls.reader_class

    @property
    def primary(self) -> str:
        """The name of the main score."""
        raise NotImplementedError

    @property
    def vocabulary_size(self) -> int | None:
        """Ids that the model knows; None where it reads no tokens."""
        return self.reader.vocabulary_size

    @classmethod
    def arrange(cls, recipe: Any, rows: Dataset) -> Dataset:
        """From the rows of a data set to those of the task, before anything else is done with them."""
        return rows

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn tokenizer and labels from the training rows."""
        raise NotImplementedError

    def save(self, directory: Path) -> None:
        """Write tokenizer and labels into a run directory."""
        raise NotImplementedError

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read them back."""
        raise NotImplementedError

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Rows to examples with targets; in training, a row may give several examples."""
        raise NotImplementedError

    def encode_inputs(self, inputs: Sequence[Any]) -> Examples:
        """Plain inputs, as a user gives them, to examples without targets."""
        return self.reader.encode(inputs)

    def training_batches(self, examples: Examples, epoch: int) -> list[Rows]:
        """The batches of an epoch: by a budget of padded tokens, in an order that depends on (seed, epoch) alone."""
        block = self.recipe.train
        return training_batches(
            examples.lengths,
            tokens_per_batch=block.tokens_per_batch,
            seed=block.seed,
            epoch=epoch,
            bucket_width=self.bucket_width,
        )

    def evaluation_batches(self, examples: Examples, tokens_per_batch: int) -> list[Rows]:
        """Batches that hold every example once."""
        return evaluation_batches(examples.lengths, tokens_per_batch=tokens_per_batch)

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Cut a batch: the inputs, and one row of an array of targets for each."""
        targets = None if examples.targets is None else torch.from_numpy(examples.targets[rows])
        return Batch(self.reader.collate(examples, rows), targets)

    def build(self) -> SequenceModel:
        """A new model."""
        raise NotImplementedError

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """Answer a batch of examples; `greedy` asks for the quick way where there is a better one."""
        raise NotImplementedError

    def predict_with_details(self, model: SequenceModel, examples: Examples, rows: Rows) -> list[Prediction]:
        """As `predict`, and with those details that take time to find out; most tasks have none."""
        return self.predict(model, examples, rows)

    def stream(self, model: SequenceModel, steps: Iterable[Any]) -> Iterator[Prediction]:
        """Answer step by step while the input arrives, in constant memory.

        Raises:
            RunError: this task or model needs the whole input first.
        """
        raise RunError(f"stream: {self.name} answers when it has the whole input; expected one answer a step; predict")

    def attention(self, model: SequenceModel, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Where the model looked while it wrote its answers, as `attention.json` holds it; empty without attention."""
        return []

    def references(self, rows: Dataset) -> list[Any]:
        """The right answers, one for each row, as `predict` would give them."""
        raise NotImplementedError

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Score answers, the main score first. Intervals cost time and are left out while training."""
        raise NotImplementedError

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Answers of the simplest honest competitors, by name."""
        raise NotImplementedError

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """The lines of `predictions.jsonl`."""
        inputs, references = self.reader.show(rows[self.reader.role]), self.references(rows)
        columns = zip(inputs, references, predictions, self.encode_inputs(rows[self.reader.role]).lengths, strict=True)
        return [
            {
                "index": index,
                "input": shown,
                "reference": reference,
                "prediction": answer.value,
                **answer.details,
                "length": int(length),
            }
            for index, (shown, reference, answer, length) in enumerate(columns)
        ]

    def keys(self, rows: Dataset) -> Sequence[Hashable]:
        """What makes two inputs equal, one for each row."""
        return self.reader.keys(rows[self.reader.role])

    def error_quantiles(self, rows: Dataset, predictions: Sequence[Prediction]) -> dict[str, Any] | None:
        """How far answers to validation rows lie off, as `intervals.json` holds it; None where they are no numbers."""
        return None

    def word_counts(self, train: Dataset, test: Dataset, predictions: Sequence[Prediction]) -> dict[str, int] | None:
        """How often the words of test rows and answers stand in the training rows; None where words do not matter."""
        return None

    def label_counts(self, rows: Dataset) -> dict[str, int] | None:
        """How often each label occurs; None where there are no labels."""
        return None


def device_of(model: SequenceModel) -> torch.device:
    """Where a model lies."""
    return next(model.parameters()).device
