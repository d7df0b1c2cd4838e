"""Many-to-one: a text in, one label out.

"a gorgeous, witty, seductive movie"  ->  positive
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from torch import Tensor

from seqtasks.backbone import IGNORE_INDEX, RNN, Batch
from seqtasks.data.labels import Labels
from seqtasks.data.statistics import count_labels
from seqtasks.data.streaming import stream
from seqtasks.heads import ClassificationHead
from seqtasks.metrics.classification import classification_scores
from seqtasks.metrics.score import Score
from seqtasks.metrics.words import count_words, plain_words
from seqtasks.tasks.baselines import tfidf_logistic_regression
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import Reader, TextReader
from seqtasks.tasks.task import Task, device_of


class Classification(Task):
    """One label for each input; here, for a text.

    Args:
        recipe: what to build.
        reader: of the inputs.
        labels: to choose from.
    """

    name: ClassVar = "classification"
    shape: ClassVar = "many-to-one"
    primary: ClassVar = "accuracy"
    reader_class: ClassVar[type[Reader]] = TextReader

    def __init__(self, recipe: Any, reader: Reader, labels: Labels) -> None:
        super().__init__(recipe, reader)
        self.labels = labels

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn to read the inputs, and which labels there are."""
        reader = cls.reader_for(recipe).fit(recipe, rows[cls.reader_class.role])
        return cls(recipe, reader, Labels.fit(rows["label"]))

    def save(self, directory: Path) -> None:
        """Write the reader's files and `labels.json`."""
        self.reader.save(directory)
        self.labels.save(directory / "labels.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        return cls(recipe, cls.reader_for(recipe).load(recipe, directory), Labels.load(directory / "labels.json"))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Inputs and labels to numbers. A label never seen in training cannot be right, and counts as wrong."""
        targets = self.labels.encode(rows["label"], unseen=IGNORE_INDEX)
        return self.reader.encode(rows[self.reader.role]).with_targets(targets)

    def build(self) -> SequenceModel:
        """Vectors, a recurrent network, one score for each label."""
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        head = ClassificationHead(backbone.output_size, len(self.labels), **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The most probable label of each input, and its probability."""
        best = self._probabilities(model, examples, rows).max(-1)
        return [
            Prediction(self.labels.names[label], {"probability": round(probability, 4)})
            for label, probability in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]

    @torch.inference_mode()
    def distributions(self, model: SequenceModel, inputs: Sequence[Any]) -> list[dict[str, float]]:
        """The probability of every label for each plain input."""
        examples = self.encode_inputs(inputs)
        found = self._probabilities(model, examples, np.arange(len(examples))).tolist()
        return [dict(zip(self.labels.names, row, strict=True)) for row in found]

    def _probabilities(self, model: SequenceModel, examples: Examples, rows: Rows) -> Tensor:
        """`(rows, labels)`."""
        batch = self.collate(examples, rows).to(device_of(model))
        logits: Tensor = model(Batch(batch.inputs)).logits
        return logits.softmax(-1)

    def references(self, rows: Dataset) -> list[str]:
        """The labels."""
        return list(rows["label"])

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Accuracy and macro F1."""
        return classification_scores(rows["label"], values(predictions), labels=self.labels.names, intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """TF-IDF and logistic regression."""
        answers = tfidf_logistic_regression(train["text"], train["label"], test["text"])
        return {"TF-IDF + logistic regression": plain(answers)}

    def word_counts(self, train: Dataset, test: Dataset, predictions: Sequence[Prediction]) -> dict[str, int] | None:
        """Words are those of the texts, without case and punctuation."""
        if self.reader.role != TextReader.role:
            return None
        return count_words(map(plain_words, stream(train["text"])), map(plain_words, stream(test["text"])))

    def label_counts(self, rows: Dataset) -> dict[str, int]:
        """How often each label occurs."""
        return count_labels(rows["label"])
