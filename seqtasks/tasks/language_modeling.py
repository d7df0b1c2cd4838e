"""Many-to-many of the same length: each token in, the next one out.

It was the best of  ->  was the best of times

The rows of a split are one stream of text, in their order. Training cuts it into parallel tracks and reads them
window by window: errors go back to the start of a window, the state is carried into the next one (truncated
back-propagation through time, Williams and Peng 1990).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import RNN, Batch, State, Tokens
from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import EOS, UNK
from seqtasks.heads import LanguageModelHead
from seqtasks.metrics.likelihood import Likelihood, perplexity_scores
from seqtasks.metrics.score import Score
from seqtasks.recipe.blocks import DecodingBlock
from seqtasks.tasks.baselines import NGramModel
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain, values
from seqtasks.tasks.generation import continue_slowly, continue_text, nats
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import TextReader
from seqtasks.tasks.task import Task, device_of

_WINDOW = 512
"""Tokens that are scored at a time."""


@dataclass(frozen=True)
class Tracks:
    """A stream cut into tracks of equal length, each into windows.

    Attributes:
        stream: token ids, an end token first.
        starts: place of the first target of each window; the windows of one time stand side by side.
        lengths: targets of each window.
        tracks: windows of one time.
    """

    stream: NDArray[np.int32]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    tracks: int

    @classmethod
    def cut(cls, ids: NDArray[np.int32], *, tracks: int, steps: int) -> Self:
        """Cut a stream; fewer tokens than there are tracks are left over at its end."""
        tracks = min(tracks, len(ids))
        length = len(ids) // tracks
        offsets = np.arange(0, length, steps)
        starts = 1 + offsets[:, None] + np.arange(tracks) * length
        lengths = np.repeat(np.minimum(steps, length - offsets), tracks)
        return cls(np.concatenate([np.array([EOS], np.int32), ids]), starts.reshape(-1), lengths, tracks)


class LanguageModeling(Task):
    """The probability of a text, token by token."""

    name: ClassVar = "language_modeling"
    shape: ClassVar = "many-to-many, same length"
    primary: ClassVar = "perplexity"
    is_stream: ClassVar = True

    reader: TextReader

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn the vocabulary."""
        return cls(recipe, TextReader.fit(recipe, rows["text"]))

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`."""
        self.reader.save(directory)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `tokenizer.json`."""
        return cls(recipe, TextReader.load(recipe, directory))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """In training, windows of the stream; else each row with those before it."""
        ids, cut = self.reader.tokenizer.encode(rows["text"], end=True)
        if not training:
            return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK)
        steps = self.recipe.stream.bptt_steps
        cut_up = Tracks.cut(ids.values, tracks=max(1, self.recipe.train.tokens_per_batch // steps), steps=steps)
        none_cut = np.zeros(len(cut_up.starts), bool)
        return Examples(cut_up, cut_up.lengths, none_cut, targets=cut_up, unknown=ids.values == UNK)

    def encode_inputs(self, inputs: Sequence[str]) -> Examples:
        """Texts that have nothing to do with each other."""
        ids, cut = self.reader.tokenizer.encode(inputs, end=True)
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK, notes=["alone"] * len(ids))

    def training_batches(self, examples: Examples, epoch: int) -> list[Rows]:
        """The windows of all tracks, in their order."""
        rows = np.arange(len(examples)).reshape(-1, examples.inputs.tracks)
        return list(rows)

    def evaluation_batches(self, examples: Examples, tokens_per_batch: int) -> list[Rows]:
        """All rows, in their order: each is read after those before it."""
        return [np.arange(len(examples))]

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Tokens and the tokens that follow them, both `(batch, time)`."""
        cut: Tracks = examples.inputs
        places = cut.starts[rows, None] + np.arange(cut.lengths[rows[0]])
        ids, targets = (torch.from_numpy(cut.stream[places - back].astype(np.int64)) for back in (1, 0))
        lengths = torch.full((len(rows),), ids.shape[1])
        return Batch(Tokens(ids, lengths), targets, window=int(rows[0]) // cut.tracks)

    def build(self) -> SequenceModel:
        """Token vectors, a recurrent network, a score for each token that may follow."""
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        head = LanguageModelHead(backbone.output_size, inputs.embedding, **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """How improbable each text is: its negative log-likelihood in nats, the end token included."""
        ids: Ragged = examples.inputs
        if examples.notes:
            found = [float(self._nats(model, ids[row], None)[0].sum()) for row in rows]
        else:
            spent, _ = self._nats(model, ids.values, None)
            found = np.add.reduceat(spent, ids.offsets[:-1]).tolist()
        return [
            Prediction(round(value, 4), {"tokens": int(length)})
            for value, length in zip(found, ids.lengths[rows], strict=True)
        ]

    @torch.inference_mode()
    def _nats(
        self, model: SequenceModel, ids: NDArray[np.int32], state: State | None, before: int = EOS
    ) -> tuple[NDArray[np.float64], State | None]:
        """Negative log-likelihood of each token, and the state behind the last but one."""
        device = device_of(model)
        stream = torch.from_numpy(np.concatenate([[before], ids]).astype(np.int64)).to(device)
        spent = []
        for start in range(0, len(ids), _WINDOW):
            read, targets = (stream[start + step : start + step + _WINDOW][None] for step in (0, 1))
            read = read[:, : targets.shape[1]]
            encoding = model.read_on(Tokens(read, torch.tensor([read.shape[1]], device=device)), state)
            state = encoding.state
            logits = model.head(encoding).logits
            spent.append(nats(logits.transpose(0, 1), targets.transpose(0, 1)).double().cpu().numpy())
        return np.concatenate(spent), state

    def stream(self, model: SequenceModel, steps: Iterable[str]) -> Iterator[Prediction]:
        """How improbable each text is after all those before it."""
        state: State | None = None
        for text in steps:
            ids = self.reader.tokenizer.encode([text], end=True)[0].values
            spent, state = self._nats(model, ids, state)
            yield Prediction(round(float(spent.sum()), 4), {"tokens": len(ids)})

    def generate(self, model: SequenceModel, prompt: str, block: DecodingBlock, *, samples: int = 1) -> list[str]:
        """Write on from a prompt.

        Args:
            model: trained.
            prompt: any text; an empty one begins a new row.
            block: how to draw tokens.
            samples: texts to write.

        Returns:
            The continuations, without the prompt.
        """
        ids = self.reader.tokenizer.encode([prompt], end=True)[0].values[:-1].tolist()
        written = continue_text(model, [EOS, *ids], block, samples=samples)
        known = self.reader.tokenizer.decode([ids] * samples)
        whole = self.reader.tokenizer.decode([ids + tokens for tokens in written])
        return [text[len(start) :] for text, start in zip(whole, known, strict=True)]

    def write(self, model: SequenceModel, prompt: str, block: DecodingBlock) -> Iterator[tuple[str, float]]:
        """Write on from a prompt as `generate` does, token by token.

        Args:
            model: trained.
            prompt: any text; an empty one begins a new row.
            block: how to draw tokens.

        Yields:
            What each token adds to the text, and its improbability in nats after all that stands before it.
        """
        tokenizer = self.reader.tokenizer
        ids = tokenizer.encode([prompt], end=True)[0].values[:-1].tolist()
        written = tokenizer.decode([ids])[0]
        for token, log_prob in continue_slowly(model, [EOS, *ids], block):
            if token == EOS:
                return
            ids.append(token)
            before, written = written, tokenizer.decode([ids])[0]
            yield written[len(before) :], -log_prob

    def improbabilities(self, model: SequenceModel, text: str) -> list[tuple[str, float]]:
        """The parts of a text, a token each, and the improbability of each in nats after those before it."""
        spans = self.reader.tokenizer.spans(text)
        if not spans:
            return []
        spent, _ = self._nats(model, self.reader.tokenizer.encode([text])[0].values, None)
        starts = [0, *(start for start, _ in spans[1:])]
        parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
        return list(zip(parts, spent.tolist(), strict=True))

    def references(self, rows: Dataset) -> list[float]:
        """A model that is sure of every token spends no nats."""
        return [0.0] * len(rows)

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Perplexity a word, and the same a token and a character."""
        tokens = self.reader.tokenizer.encode(rows["text"], end=True)[0].lengths.tolist()
        columns = zip(values(predictions), tokens, rows["text"], strict=True)
        likelihoods = [Likelihood.of_text(text, nats=spent, tokens=count) for spent, count, text in columns]
        return perplexity_scores(likelihoods, intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """Counts of three tokens, smoothed as Kneser and Ney do."""
        known, asked = (self.reader.tokenizer.encode(rows["text"], end=True)[0] for rows in (train, test))
        trigrams = NGramModel([known.values], order=3, vocab_size=self.reader.vocabulary_size)
        spent = -trigrams.log_probs(asked.values)
        return {"Kneser-Ney trigrams": plain(np.add.reduceat(spent, asked.offsets[:-1]).tolist())}
