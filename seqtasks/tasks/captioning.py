"""One-to-many: a picture in, a text out.

[picture of a bookmark with a plus sign]  ->  "bookmark plus"
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from PIL import Image

from seqtasks.backbone import Batch, ImageInput, Images
from seqtasks.data.tokenization import TextTokenizer
from seqtasks.errors import DataError
from seqtasks.heads import DecoderHead
from seqtasks.metrics.score import Score
from seqtasks.metrics.text import text_scores
from seqtasks.recipe import CaptioningRecipe
from seqtasks.tasks.baselines import commonest_caption, nearest_image
from seqtasks.tasks.generation import decode, pad_targets, text_records
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples, Prediction, Rows


@dataclass(frozen=True)
class Pictures:
    """Pictures, each of which may stand in several examples.

    Attributes:
        pixels: `(pictures, channels, size, size)` uint8.
        index: the picture of each example, `(examples,)`.
    """

    pixels: NDArray[np.uint8]
    index: NDArray[np.int64]


class Captioning:
    """Pictures to texts."""

    name: ClassVar = "captioning"
    shape: ClassVar = "one-to-many"
    primary: ClassVar = "chrf"  # most captions are shorter than the four words of BLEU
    bucket_width: ClassVar = 8  # a batch of pictures whose captions are all equally long would be a biased sample

    def __init__(self, recipe: CaptioningRecipe, tokenizer: TextTokenizer) -> None:
        self.recipe, self.tokenizer = recipe, tokenizer

    @classmethod
    def fit(cls, recipe: CaptioningRecipe, rows: Dataset) -> Self:
        """Learn the vocabulary of the captions."""
        captions = [caption for references in _references(rows) for caption in references]
        return cls(recipe, TextTokenizer.fit(captions, recipe.tokenizer))

    @property
    def vocabulary_size(self) -> int:
        """Ids that the model knows."""
        return len(self.tokenizer)

    def save(self, directory: Path) -> None:
        """Write `tokenizer.json`."""
        self.tokenizer.save(directory / "tokenizer.json")

    @classmethod
    def load(cls, recipe: CaptioningRecipe, directory: Path) -> Self:
        """Read `tokenizer.json`."""
        path = directory / "tokenizer.json"
        return cls(recipe, TextTokenizer.load(path, max_length=recipe.tokenizer.max_length))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Pictures to pixels, captions to ids; in training each caption of a picture is an example."""
        references = _references(rows) if training else [captions[:1] for captions in _references(rows)]
        captions = [caption for captions in references for caption in captions]
        targets, cut = self.tokenizer.encode(captions, end=True)
        index = np.repeat(np.arange(len(references)), [len(captions) for captions in references])
        if not training:  # a reference is never cut for scoring
            cut = np.zeros(len(index), bool)
        return Examples(Pictures(self._pixels(rows["image"]), index), targets.lengths, cut, targets)

    def encode_inputs(self, inputs: Sequence[Image.Image | str | Path]) -> Examples:
        """Pictures, or paths of picture files, to pixels."""
        pixels = self._pixels([_open(picture) for picture in inputs])
        rows = len(pixels)
        return Examples(
            Pictures(pixels, np.arange(rows)), np.full(rows, self.recipe.decoding.max_length), np.zeros(rows, bool)
        )

    def collate(self, examples: Examples, rows: Rows) -> Batch:
        """Pixels `(batch, channels, size, size)` in 0-1, target ids `(batch, target_time)`."""
        pictures: Pictures = examples.inputs
        pixels = torch.from_numpy(pictures.pixels[pictures.index[rows]]).float() / 255.0
        return Batch(Images(pixels), pad_targets(examples.targets, rows))

    def build(self) -> SequenceModel:
        """A convolutional network, and a decoder that starts from its output."""
        inputs = ImageInput(**self.recipe.input.model_dump())
        block = self.recipe.head.model_dump()
        head = DecoderHead(len(self.tokenizer), inputs.final_size, inputs.output_size, **block)
        return SequenceModel(inputs, None, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The best caption of each picture, and its log-probability."""
        batch = self.collate(examples, rows).to(next(model.parameters()).device)
        found = [best[0] for best in decode(model, batch.inputs, self.recipe.decoding, greedily=greedy)]
        texts = self.tokenizer.decode([hypothesis.tokens for hypothesis in found])
        return [
            Prediction(text, {"score": round(hypothesis.log_prob, 4)})
            for text, hypothesis in zip(texts, found, strict=True)
        ]

    def attention(self, model: SequenceModel, rows: Dataset, values: Sequence[Any]) -> list[dict[str, Any]]:
        """There is none to show."""
        return []

    def references(self, rows: Dataset) -> list[str]:
        """The first caption of each picture."""
        return [captions[0] for captions in _references(rows)]

    def score(self, rows: Dataset, values: Sequence[str], *, intervals: bool = True) -> list[Score]:
        """ChrF and BLEU, against all captions of a picture."""
        return text_scores(
            _references(rows), values, metrics=("chrf", "bleu"), **self.recipe.scores.model_dump(), intervals=intervals
        )

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[str]]:
        """The commonest caption, and the caption of the training picture with the nearest pixels."""
        captions = [references[0] for references in _references(train)]
        nearest = nearest_image(self._pixels(train["image"]), captions, self._pixels(test["image"]))
        return {"commonest caption": commonest_caption(captions, len(test)), "nearest picture": nearest}

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Picture, captions and answer of each row."""
        references = _references(rows)
        return text_records(
            [_data_uri(picture, self.recipe.input.size) for picture in rows["image"]],
            references,
            [answer.value for answer in predictions],
            log_probs=[answer.details["score"] for answer in predictions],
            lengths=self.tokenizer.encode([captions[0] for captions in references])[0].lengths.tolist(),
        )

    def keys(self, rows: Dataset) -> Sequence[bytes]:
        """The pictures as the model sees them."""
        return [picture.tobytes() for picture in self._pixels(rows["image"])]

    def label_counts(self, rows: Dataset) -> None:
        """There are no labels."""

    def _pixels(self, pictures: Sequence[Image.Image]) -> NDArray[np.uint8]:
        block = self.recipe.input
        channels = 3 if block.color else 1
        pixels = np.empty((len(pictures), channels, block.size, block.size), np.uint8)
        for row, picture in enumerate(pictures):
            scaled = picture.convert("RGB" if block.color else "L")
            if scaled.size != (block.size, block.size):
                scaled = scaled.resize((block.size, block.size), Image.Resampling.BILINEAR)
            pixels[row] = np.asarray(scaled).reshape(block.size, block.size, channels).transpose(2, 0, 1)
        return pixels


def _references(rows: Dataset) -> list[list[str]]:
    """The captions of each row: a data set may have one text a picture, or a list of them."""
    references = [[caption] if isinstance(caption, str) else list(caption) for caption in rows["caption"]]
    if [] in references:
        row = references.index([])
        raise DataError(f"row {row}: has no caption; expected at least one; add one or remove the row")
    return references


def _open(picture: Image.Image | str | Path) -> Image.Image:
    if isinstance(picture, Image.Image):
        return picture
    try:
        return Image.open(picture)
    except OSError as error:
        raise DataError(f"{picture}: cannot be read ({error}); expected a picture file; check the path") from None


def _data_uri(picture: Image.Image, size: int) -> str:
    thumbnail = picture.copy()
    thumbnail.thumbnail((2 * size, 2 * size))
    buffer = io.BytesIO()
    thumbnail.convert("RGB").save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
