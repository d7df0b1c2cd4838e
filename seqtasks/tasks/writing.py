"""What the tasks that write a text have in common: a reader, a decoder, and a tokenizer for what is written."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset

from seqtasks.backbone import Batch
from seqtasks.data.ragged import Ragged
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import TextTokenizer
from seqtasks.decoding import Hypothesis
from seqtasks.errors import DataError
from seqtasks.heads import DecoderHead
from seqtasks.metrics.words import count_words, word_splitter
from seqtasks.recipe.blocks import DecodingBlock
from seqtasks.tasks.examples import Examples, Prediction, Rows, values
from seqtasks.tasks.generation import decode, pad_targets
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import Reader
from seqtasks.tasks.task import Task, device_of


class Writing(Task):
    """Something in, a text out.

    Args:
        recipe: what to build.
        reader: of the inputs.
        tokenizer: of the texts.
    """

    text_role: ClassVar[str]
    """The column of the texts to be written: one a row, or a list of alternatives."""

    def __init__(self, recipe: Any, reader: Reader, tokenizer: TextTokenizer) -> None:
        super().__init__(recipe, reader)
        self.tokenizer = tokenizer

    @property
    def vocabulary_size(self) -> int:
        """Tokens that the model can write."""
        return len(self.tokenizer)

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn to read the inputs, and the vocabulary of the texts."""
        reader = cls.reader_for(recipe).fit(recipe, rows[cls.reader_class.role])
        texts = chain.from_iterable(cls.each_alternatives(rows))
        return cls(recipe, reader, TextTokenizer.fit(texts, recipe.tokenizer))

    def save(self, directory: Path) -> None:
        """Write the reader's files and `tokenizer.json`."""
        self.reader.save(directory)
        self.tokenizer.save(directory / "tokenizer.json")

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        tokenizer = TextTokenizer.load(directory / "tokenizer.json", max_length=recipe.tokenizer.max_length)
        return cls(recipe, cls.reader_for(recipe).load(recipe, directory), tokenizer)

    @classmethod
    def alternatives(cls, rows: Dataset) -> list[list[str]]:
        """The right texts of each row: a data set may have one, or a list of them.

        Raises:
            DataError: a row has none.
        """
        return list(cls.each_alternatives(rows))

    @classmethod
    def each_alternatives(cls, rows: Dataset) -> Iterator[list[str]]:
        """The same, row by row as they are read.

        Raises:
            DataError: a row has none.
        """
        for row, text in enumerate(stream(rows[cls.text_role])):
            if not (texts := [text] if isinstance(text, str) else list(text)):
                raise DataError(f"row {row}: has no {cls.text_role}; expected at least one; add one or remove the row")
            yield texts

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Inputs and texts to ids; in training each text of an input is an example, else its first one."""
        return self.encode_pairs(rows[self.reader.role], self.each_alternatives(rows), training=training)

    def encode_pairs(self, inputs: Sequence[Any], texts: Iterable[Sequence[str]], *, training: bool) -> Examples:
        """Inputs, and the texts of each."""
        read = self.reader.encode(inputs)
        counts: list[int] = []

        def prepared() -> Iterator[str]:
            for row, note in zip(texts, read.notes or repeat(None, len(read)), strict=True):
                kept = row if training else row[:1]
                counts.append(len(kept))
                yield from (self.prepare(text, note) for text in kept)

        targets, cut = self.tokenizer.encode(prepared(), end=True)
        sources = np.repeat(np.arange(len(counts)), counts)
        cut = read.cut[sources] | cut if training else read.cut  # a reference is never cut for scoring
        lengths = self.costs(read, targets, sources)
        return Examples(read.inputs, lengths, cut, targets, unknown=read.unknown, notes=read.notes, sources=sources)

    def costs(self, read: Examples, targets: Ragged, sources: Rows) -> Any:
        """What each example costs in a batch: here, what it has to write."""
        return targets.lengths

    def encode_inputs(self, inputs: Sequence[Any]) -> Examples:
        """Plain inputs; each may be answered with the longest text that is allowed."""
        read = self.reader.encode(inputs)
        longest = np.full(len(read), self.recipe.decoding.max_length)
        return Examples(read.inputs, longest, read.cut, unknown=read.unknown, notes=read.notes)

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """The inputs, and target ids `(batch, target_time)`."""
        return Batch(self.reader.collate(examples, examples.inputs_of(rows)), pad_targets(examples.targets, rows))

    def build(self) -> SequenceModel:
        """An input, and a decoder that starts from its vector and may attend to its parts."""
        inputs = self.reader.build()
        block = self.recipe.head.model_dump()
        head = DecoderHead(len(self.tokenizer), inputs.final_size, inputs.output_size, **block)
        return SequenceModel(inputs, None, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The best text for each input, and its log-probability."""
        batch = self.collate(examples, rows).to(device_of(model))
        sources = examples.inputs_of(rows)
        candidates = decode(model, batch.inputs, self.recipe.decoding, greedily=greedy)
        found = [self.choose(best, examples, source) for best, source in zip(candidates, sources, strict=True)]
        return self._in_words(found, examples, sources)

    @torch.inference_mode()
    def candidates(
        self, model: SequenceModel, given: Any, block: DecodingBlock, *, samples: int = 1
    ) -> list[Prediction]:
        """Several texts for one input.

        Args:
            model: trained.
            given: an input, as `Predictor.predict` takes many.
            block: how to search; a beam gives as many texts as it is wide.
            samples: texts to draw, where `block` samples.

        Returns:
            First the one that answers the input, then the others by score. `score` is a text's log-probability,
            `ranking` what they are ordered by: log-probability / length ** length_penalty.
        """
        examples = self.encode_inputs([given] * (samples if block.do_sample else 1))
        rows = np.arange(len(examples))
        batch = self.collate(examples, rows).to(device_of(model))
        drawn = chain.from_iterable(decode(model, batch.inputs, block))
        found = sorted(drawn, key=lambda hypothesis: hypothesis.score, reverse=True)
        first = self.choose(found, examples, 0)
        distinct = list({tuple(hypothesis.tokens): hypothesis for hypothesis in [first, *found]}.values())
        answers = self._in_words(distinct, examples, np.zeros(len(distinct), np.int64))
        return [
            Prediction(answer.value, answer.details | {"ranking": round(hypothesis.score, 4)})
            for answer, hypothesis in zip(answers, distinct, strict=True)
        ]

    def _in_words(self, found: Sequence[Hypothesis], examples: Examples, sources: Rows) -> list[Prediction]:
        """Hypotheses as texts, each for its input."""
        texts = self.tokenizer.decode([hypothesis.tokens for hypothesis in found])
        notes = [examples.notes[source] if examples.notes else None for source in sources]
        return [
            Prediction(self.finish(text, note), {"score": round(hypothesis.log_prob, 4)})
            for text, note, hypothesis in zip(texts, notes, found, strict=True)
        ]

    def choose(self, candidates: Sequence[Hypothesis], examples: Examples, source: int) -> Hypothesis:
        """Which of the candidates, best first, answers an input."""
        return candidates[0]

    def prepare(self, text: str, note: Any) -> str:
        """A text as the model is to write it."""
        return text

    def finish(self, text: str, note: Any) -> str:
        """What the model wrote as the user wants it; undoes `prepare`."""
        return text

    def attention(self, model: SequenceModel, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Where the decoder looked while it wrote its answers; empty without attention."""
        maps = self.attention_maps(model, rows[self.reader.role], values(predictions))
        return [{"index": row, **found} for row, found in enumerate(maps)]

    @torch.inference_mode()
    def attention_maps(self, model: SequenceModel, inputs: Sequence[Any], texts: Sequence[str]) -> list[dict[str, Any]]:
        """Where the decoder looks while it writes given texts for plain inputs; empty without attention.

        Returns:
            For each text the tokens `source` and `target`, and `weights` `(target, source)`, whose rows sum to 1.
        """
        if self.recipe.head.attention is None or (names := self.source_tokens(inputs)) is None:
            return []
        examples = self.encode_pairs(inputs, [[text] for text in texts], training=False)
        maps = []
        for row in range(len(examples)):
            weights = model(self.collate(examples, np.array([row])).to(device_of(model))).attention[0]
            maps.append(
                {
                    "source": names[row],
                    "target": self.tokenizer.tokens(examples.targets[row]),
                    "weights": [[round(weight, 4) for weight in line] for line in weights.tolist()],
                }
            )
        return maps

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]] | None:
        """What attention may look at in each input, by name; None where its parts have none."""
        return None

    def references(self, rows: Dataset) -> list[str]:
        """The first text of each row."""
        return [texts[0] for texts in self.alternatives(rows)]

    def word_counts(self, train: Dataset, test: Dataset, predictions: Sequence[Prediction]) -> dict[str, int] | None:
        """Words are those of the right texts, cut as the scores cut them; None where words are not scored."""
        if (scores := getattr(self.recipe, "scores", None)) is None:
            return None
        known, asked = (chain.from_iterable(self.each_alternatives(rows)) for rows in (train, test))
        split = word_splitter(**scores.model_dump())
        return count_words(map(split, known), map(split, chain(asked, values(predictions))))

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Input, right texts and answer of each row."""
        lengths = self.encode(rows).lengths.reshape(len(rows), -1)[:, 0].tolist()
        columns = zip(super().records(rows, predictions), self.alternatives(rows), lengths, strict=True)
        return [record | {"reference": texts, "length": length} for record, texts, length in columns]
