"""One-to-many: style, metre and key in, a tune in ABC notation out.

rhythm=jig, meter=6/8, key=D  ->  |:d2 f afd|g2 b bag|...
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from datasets import Dataset

from seqtasks.data.attributes import parse
from seqtasks.data.tokenization import EOS
from seqtasks.metrics.likelihood import Likelihood, perplexity_scores
from seqtasks.metrics.score import Score
from seqtasks.metrics.tunes import bar_length, tune_scores
from seqtasks.tasks.baselines import NGramModel
from seqtasks.tasks.examples import Examples, Prediction, Rows, values
from seqtasks.tasks.generation import nats
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import AttributeReader, Reader
from seqtasks.tasks.task import device_of
from seqtasks.tasks.writing import Writing

_USUAL = {"meter": "4/4", "key": "C", "unit": "1/8"}
"""What a tune has whose attributes do not say."""


class Music(Writing):
    """Attributes of a style to a tune that is drawn, not searched: the likeliest tune is a dull one."""

    name: ClassVar = "music"
    shape: ClassVar = "one-to-many"
    primary: ClassVar = "loss"
    bucket_width: ClassVar = 64
    reader_class: ClassVar[type[Reader]] = AttributeReader
    text_role: ClassVar = "tune"

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Attributes and tunes to ids.

        Raises:
            DataError: a metre is not one; told before training, not when the tunes are scored.
        """
        for meter in {dict(parse(attributes)).get("meter", _USUAL["meter"]) for attributes in rows["attributes"]}:
            bar_length(meter)
        return super().encode(rows, training=training)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """A tune for each set of attributes, and how improbable the right one is, where it is known.

        While training only that is watched: drawing tunes takes long.
        """
        batch = self.collate(examples, rows).to(device_of(model))
        if batch.targets is None:
            return super().predict(model, examples, rows)
        spent = nats(model(batch).logits, batch.targets).tolist()
        drawn = [Prediction("")] * len(rows) if greedy else super().predict(model, examples, rows)
        return [
            replace(answer, details=answer.details | {"nats": round(value, 4)})
            for answer, value in zip(drawn, spent, strict=True)
        ]

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]]:
        """The attributes."""
        return [[f"{name}={value}" for name, value in parse(attributes)] or ["-"] for attributes in inputs]

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Loss a token of the right tunes; how many of the drawn ones are tunes."""
        tokens = self.tokenizer.encode(self.references(rows), end=True)[0].lengths.tolist()
        spent = [answer.details.get("nats", 0.0) for answer in predictions]
        likelihoods = [
            Likelihood(value, count, count, len(tune) + 1)
            for value, count, tune in zip(spent, tokens, self.references(rows), strict=True)
        ]
        scores = [
            score
            for score in perplexity_scores(likelihoods, intervals=intervals)
            if score.name in ("loss", "bits_per_character")
        ]
        drawn = values(predictions)
        if not any(drawn):
            return scores
        named = [dict(parse(attributes)) for attributes in rows["attributes"]]
        meters, keys, units = ([names.get(name, usual) for names in named] for name, usual in _USUAL.items())
        return [*scores, *tune_scores(drawn, meters=meters, keys=keys, units=units, intervals=intervals)]

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Counts of five tokens, smoothed as Kneser and Ney do, and tunes drawn from them."""
        known, asked = (self.tokenizer.encode(self.references(rows), end=True)[0] for rows in (train, test))
        model = NGramModel([known[row] for row in range(len(known))], order=5, vocab_size=self.vocabulary_size)
        generator = np.random.default_rng(self.recipe.train.seed)
        longest = self.recipe.decoding.max_length
        drawn = self.tokenizer.decode([model.sample(generator, end=EOS, max_length=longest) for _ in range(len(test))])
        spent = [float(-model.log_probs(asked[row]).sum()) for row in range(len(asked))]
        return {
            "Kneser-Ney 5-grams": [Prediction(tune, {"nats": value}) for tune, value in zip(drawn, spent, strict=True)]
        }

    def references(self, rows: Dataset) -> list[Any]:
        """The tunes."""
        return list(rows["tune"])
