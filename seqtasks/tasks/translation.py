"""Many-to-many of other length: a text in, another text out, through an encoder and a decoder.

    "The PIN is invalid."  ->  "Le code PIN est invalide."

One tokenizer serves both sides; so does one embedding matrix if both blocks give the same `embedding_size`.
Placeholders such as `{name}` pass through as numbered tokens, so the model need not spell them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import RNN, Batch, TokenInput, Tokens
from seqtasks.data.placeholders import TOKENS as PLACEHOLDER_TOKENS
from seqtasks.data.placeholders import mask, unmask
from seqtasks.data.tokenization import PAD, UNK, TextTokenizer
from seqtasks.decoding import Hypothesis
from seqtasks.heads import DecoderHead
from seqtasks.metrics.score import Score
from seqtasks.metrics.text import TextMetric, placeholder_score, text_scores
from seqtasks.recipe import TranslationRecipe
from seqtasks.tasks.baselines import copy_source, translation_memory
from seqtasks.tasks.generation import decode, pad_targets, text_records
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples, Prediction, Rows


class Translation:
    """Text to text."""

    name: ClassVar = "translation"
    shape: ClassVar = "many-to-many, other length"
    primary: ClassVar = "bleu"
    bucket_width: ClassVar = 1

    def __init__(self, recipe: TranslationRecipe, tokenizer: TextTokenizer) -> None:
        self.recipe, self.tokenizer = recipe, tokenizer
        self._placeholders = frozenset(tokenizer.ids(PLACEHOLDER_TOKENS))

    @classmethod
    def fit(cls, recipe: TranslationRecipe, rows: Dataset) -> Self:
        """Learn one vocabulary from both sides."""
        sources = [mask(source) for source in rows["source"]]
        targets = [mask(target, names)[0] for target, (_, names) in zip(rows["target"], sources, strict=True)]
        texts = [source for source, _ in sources] + targets
        return cls(recipe, TextTokenizer.fit(texts, recipe.tokenizer, whole_tokens=PLACEHOLDER_TOKENS))

    @property
    def vocabulary_size(self) -> int:
        """Ids that the model knows."""
        return len(self.tokenizer)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`."""
        self.tokenizer.save(directory / "tokenizer.json")

    @classmethod
    def load(cls, recipe: TranslationRecipe, directory: Path) -> Self:
        """Read `tokenizer.json`."""
        path = directory / "tokenizer.json"
        return cls(recipe, TextTokenizer.load(path, max_length=recipe.tokenizer.max_length))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Both sides to ids."""
        examples = self.encode_inputs(rows["source"])
        masked = [mask(target, names)[0] for target, names in zip(rows["target"], examples.notes, strict=True)]
        targets, cut = self.tokenizer.encode(masked, end=True)
        lengths = np.stack([examples.lengths, targets.lengths], axis=1)
        cut = examples.cut | cut if training else examples.cut  # a reference is never cut for scoring
        return Examples(examples.inputs, lengths, cut, targets, unknown=examples.unknown, notes=examples.notes)

    def encode_inputs(self, inputs: Sequence[str]) -> Examples:
        """Sources to ids; the notes are each source's placeholders."""
        masked = [mask(text) for text in inputs]
        ids, cut = self.tokenizer.encode([text for text, _ in masked], end=True)
        names = [names for _, names in masked]
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK, notes=names)

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Source ids `(batch, time)`, target ids `(batch, target_time)`."""
        ids, lengths = map(torch.from_numpy, examples.inputs.pad(rows, PAD))
        return Batch(Tokens(ids, lengths), pad_targets(examples.targets, rows))

    def build(self) -> SequenceModel:
        """An encoder, and a decoder that starts from its final state and may attend to all its states."""
        inputs = TokenInput(len(self.tokenizer), **self.recipe.input.model_dump())
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        block = self.recipe.head
        size = backbone.output_size
        shared = inputs.embedding if block.embedding_size == inputs.embedding.embedding_dim else None
        head = DecoderHead(len(self.tokenizer), size, size, embedding=shared, **block.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The best translation of each source, and its log-probability."""
        batch = self.collate(examples, rows).to(next(model.parameters()).device)
        candidates = decode(model, batch.inputs, self.recipe.decoding, greedily=greedy)
        found = [self._choose(best, examples.inputs[row]) for best, row in zip(candidates, rows, strict=True)]
        # A source of nothing but its end token has nothing to translate.
        kept = [
            hypothesis.tokens if len(examples.inputs[row]) > 1 else []
            for hypothesis, row in zip(found, rows, strict=True)
        ]
        texts = self.tokenizer.decode(kept)
        return [
            Prediction(unmask(text, examples.notes[row]), {"score": round(hypothesis.log_prob, 4)})
            for text, hypothesis, row in zip(texts, found, rows, strict=True)
        ]

    def _choose(self, candidates: Sequence[Hypothesis], source: NDArray[np.int32]) -> Hypothesis:
        """The best candidate that has the source's placeholders, each as often; the best one if none has."""
        wanted = sorted(token for token in source.tolist() if token in self._placeholders)
        for candidate in candidates:
            if sorted(token for token in candidate.tokens if token in self._placeholders) == wanted:
                return candidate
        return candidates[0]

    def attention(self, model: SequenceModel, rows: Dataset, values: Sequence[str]) -> list[dict[str, Any]]:
        """Where the decoder looked while it wrote `values`; empty without attention."""
        if self.recipe.head.attention is None:
            return []
        examples = self.encode(rows.remove_columns("target").add_column("target", list(values)))
        maps = []
        for row in range(len(examples)):
            batch = self.collate(examples, np.array([row])).to(next(model.parameters()).device)
            weights = model(batch).attention[0]
            source, target = examples.inputs[row], examples.targets[row]
            maps.append(
                {
                    "index": row,
                    "source": self.tokenizer.tokens(source),
                    "target": self.tokenizer.tokens(target),
                    "weights": [[round(weight, 4) for weight in line] for line in weights.tolist()],
                }
            )
        return maps

    def references(self, rows: Dataset) -> list[str]:
        """The targets."""
        return list(rows["target"])

    def score(self, rows: Dataset, values: Sequence[str], *, intervals: bool = True) -> list[Score]:
        """BLEU, chrF and TER on plain text; whether placeholders survive, where there are any."""
        references = [[target] for target in rows["target"]]
        metrics: tuple[TextMetric, ...] = ("bleu", "chrf", "ter") if intervals else ("bleu", "chrf")
        scores = text_scores(
            references, values, metrics=metrics, **self.recipe.scores.model_dump(), intervals=intervals
        )
        placeholders = placeholder_score(references, values, intervals=intervals)
        return scores if placeholders is None else [*scores, placeholders]

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[str]]:
        """Copying, and the translation of the most similar training source."""
        remembered = translation_memory(train["source"], train["target"], test["source"])
        return {"copy the source": copy_source(test["source"]), "translation memory": remembered}

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Source, reference and translation of each row."""
        return text_records(
            list(rows["source"]),
            [[target] for target in rows["target"]],
            [answer.value for answer in predictions],
            log_probs=[answer.details["score"] for answer in predictions],
            lengths=self.encode_inputs(rows["source"]).lengths.tolist(),
        )

    def keys(self, rows: Dataset) -> Sequence[str]:
        """The sources."""
        return list(rows["source"])

    def label_counts(self, rows: Dataset) -> None:
        """There are no labels."""
