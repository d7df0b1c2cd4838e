"""What a task is: the one place where data, model and metric meet.

A task is a page of its own in this package. It is fitted on the training rows, and from then on turns rows into
examples, examples into batches, batches into predictions, and predictions into scores.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import Batch
from seqtasks.metrics.score import Score
from seqtasks.tasks.model import SequenceModel

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Prediction:
    """What a model answers for one input.

    Attributes:
        value: the answer as a user wants it: a label, a list of tags, a text.
        details: more about it, such as `probability` or `score`; plain Python values.
    """

    value: Any
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Examples:
    """Encoded rows.

    Attributes:
        inputs: in the task's own form, one entry a row.
        lengths: what each row costs in a batch, `(rows,)` or `(rows, sides)`.
        targets: in the task's own form; None when only predicting.
        cut: rows that were cut at the maximum length, `(rows,)`.
        unknown: for each token of all rows whether the vocabulary lacks it; None where there are no tokens.
        notes: whatever else the task needs to answer, one entry a row.
    """

    inputs: Any
    lengths: NDArray[np.int64]
    cut: NDArray[np.bool_]
    targets: Any = None
    unknown: NDArray[np.bool_] | None = None
    notes: Sequence[Any] = ()

    def __len__(self) -> int:
        return len(self.lengths)


class Task(Protocol):
    """The protocol that every task fulfils; one table of contract tests drives them all."""

    name: ClassVar[str]
    """The value of `task:` in a recipe."""

    shape: ClassVar[str]
    """What textbooks call it, such as many-to-one."""

    bucket_width: ClassVar[int]
    """Training rows whose lengths differ by less than this count as equally long when batches are cut."""

    recipe: Any
    """The recipe that it was made for."""

    @property
    def primary(self) -> str:
        """The name of the main score."""
        ...

    @property
    def vocabulary_size(self) -> int:
        """Ids that the model knows."""
        ...

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn tokenizer and labels from the training rows."""
        ...

    def save(self, directory: Path) -> None:
        """Write tokenizer and labels into a run directory."""
        ...

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read them back."""
        ...

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Rows to examples with targets; in training, a row may give several examples."""
        ...

    def encode_inputs(self, inputs: Sequence[Any]) -> Examples:
        """Plain inputs, as a user gives them, to examples without targets."""
        ...

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Cut a batch."""
        ...

    def build(self) -> SequenceModel:
        """A new model."""
        ...

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """Answer a batch of examples; `greedy` asks for the quick way where there is a better one."""
        ...

    def attention(self, model: SequenceModel, rows: Dataset, values: Sequence[Any]) -> list[dict[str, Any]]:
        """Where the model looked while it wrote `values`, as `attention.json` holds it; empty without attention."""
        ...

    def references(self, rows: Dataset) -> list[Any]:
        """The right answers, one for each row, as `predict` would give them."""
        ...

    def score(self, rows: Dataset, values: Sequence[Any], *, intervals: bool = True) -> list[Score]:
        """Score answers, the main score first. Intervals cost time and are left out while training."""
        ...

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Any]]:
        """Answers of the simplest honest competitors, by name."""
        ...

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """The lines of `predictions.jsonl`."""
        ...

    def keys(self, rows: Dataset) -> Sequence[Hashable]:
        """What makes two inputs equal, one for each row."""
        ...

    def label_counts(self, rows: Dataset) -> dict[str, int] | None:
        """How often each label occurs; None where there are no labels."""
        ...
