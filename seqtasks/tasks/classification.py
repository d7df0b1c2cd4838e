"""Many-to-one: a text in, one label out.

"a gorgeous, witty, seductive movie"  ->  positive
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import torch
from datasets import Dataset

from seqtasks.backbone import IGNORE_INDEX, RNN, Batch, TokenInput, Tokens
from seqtasks.data.labels import Labels
from seqtasks.data.statistics import count_labels
from seqtasks.data.tokenization import PAD, UNK, TextTokenizer
from seqtasks.heads import ClassificationHead
from seqtasks.metrics.classification import classification_scores
from seqtasks.metrics.score import Score
from seqtasks.recipe import ClassificationRecipe
from seqtasks.tasks.baselines import tfidf_logistic_regression
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples, Prediction, Rows


class Classification:
    """Text classification."""

    name: ClassVar = "classification"
    shape: ClassVar = "many-to-one"
    primary: ClassVar = "accuracy"
    bucket_width: ClassVar = 1

    def __init__(self, recipe: ClassificationRecipe, tokenizer: TextTokenizer, labels: Labels) -> None:
        self.recipe, self.tokenizer, self.labels = recipe, tokenizer, labels

    @classmethod
    def fit(cls, recipe: ClassificationRecipe, rows: Dataset) -> Self:
        """Learn the vocabulary from the texts, and which labels there are."""
        return cls(recipe, TextTokenizer.fit(rows["text"], recipe.tokenizer), Labels.fit(rows["label"]))

    @property
    def vocabulary_size(self) -> int:
        """Ids that the model knows."""
        return len(self.tokenizer)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json` and `labels.json`."""
        self.tokenizer.save(directory / "tokenizer.json")
        self.labels.save(directory / "labels.json")

    @classmethod
    def load(cls, recipe: ClassificationRecipe, directory: Path) -> Self:
        """Read `tokenizer.json` and `labels.json`."""
        tokenizer = TextTokenizer.load(directory / "tokenizer.json", max_length=recipe.tokenizer.max_length)
        return cls(recipe, tokenizer, Labels.load(directory / "labels.json"))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Texts and labels to ids. A label never seen in training cannot be right, and counts as wrong."""
        return self.encode_inputs(rows["text"], labels=rows["label"])

    def encode_inputs(self, inputs: Sequence[str], *, labels: Sequence[str] | None = None) -> Examples:
        """Texts to ids."""
        ids, cut = self.tokenizer.encode(inputs)
        targets = None if labels is None else self.labels.encode(labels, unseen=IGNORE_INDEX)
        return Examples(ids, ids.lengths, cut, targets, unknown=ids.values == UNK)

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Token ids `(batch, time)`, labels `(batch,)`."""
        ids, lengths = map(torch.from_numpy, examples.inputs.pad(rows, PAD))
        targets = None if examples.targets is None else torch.from_numpy(examples.targets[rows])
        return Batch(Tokens(ids, lengths), targets)

    def build(self) -> SequenceModel:
        """Token vectors, a recurrent network, one score for each label."""
        inputs = TokenInput(len(self.tokenizer), **self.recipe.input.model_dump())
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        head = ClassificationHead(backbone.output_size, len(self.labels), **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The most probable label of each text, and its probability."""
        batch = self.collate(examples, rows).to(next(model.parameters()).device)
        best = model(Batch(batch.inputs)).logits.softmax(-1).max(-1)
        return [
            Prediction(self.labels.names[label], {"probability": round(probability, 4)})
            for label, probability in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]

    def attention(self, model: SequenceModel, rows: Dataset, values: Sequence[Any]) -> list[dict[str, Any]]:
        """There is none to show."""
        return []

    def references(self, rows: Dataset) -> list[str]:
        """The labels."""
        return list(rows["label"])

    def score(self, rows: Dataset, values: Sequence[str], *, intervals: bool = True) -> list[Score]:
        """Accuracy and macro F1."""
        return classification_scores(rows["label"], values, labels=self.labels.names, intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[str]]:
        """TF-IDF and logistic regression."""
        answers = tfidf_logistic_regression(train["text"], train["label"], test["text"])
        return {"TF-IDF + logistic regression": answers}

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Text, label and answer of each row."""
        lengths = self.tokenizer.encode(rows["text"])[0].lengths.tolist()
        columns = zip(rows["text"], rows["label"], predictions, lengths, strict=True)
        return [
            {
                "index": index,
                "input": text,
                "reference": label,
                "prediction": answer.value,
                **answer.details,
                "length": length,
            }
            for index, (text, label, answer, length) in enumerate(columns)
        ]

    def keys(self, rows: Dataset) -> Sequence[str]:
        """The texts."""
        return list(rows["text"])

    def label_counts(self, rows: Dataset) -> dict[str, int]:
        """How often each label occurs."""
        return count_labels(rows["label"])
