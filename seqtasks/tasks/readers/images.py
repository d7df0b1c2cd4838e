"""Pictures to pixels."""

import base64
import io
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from seqtasks.backbone import ImageInput, Images
from seqtasks.data.pictures import open_picture, pixels
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.readers.features import FeatureReader


class ImageReader:
    """Reads pictures, or the paths of picture files, at one size. There is nothing to learn from the data.

    Args:
        recipe: with an `input` block.
    """

    role: ClassVar = "image"

    def __init__(self, recipe: Any) -> None:
        self.recipe = recipe

    @property
    def vocabulary_size(self) -> None:
        """There are no tokens."""

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Any]) -> Self:
        """Nothing is learned."""
        return cls(recipe)

    def save(self, directory: Path) -> None:
        """Nothing is kept."""

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Nothing is kept."""
        return cls(recipe)

    def encode(self, values: Sequence[Image.Image | str | Path]) -> Examples:
        """Pictures to pixels `(pictures, channels, size, size)` uint8; each costs one step.

        Raises:
            DataError: a file cannot be read.
        """
        found = self.pixels([open_picture(picture) for picture in values])
        return Examples(found, np.ones(len(found), np.int64), np.zeros(len(found), bool))

    def pixels(self, pictures: Sequence[Image.Image]) -> NDArray[np.uint8]:
        """Pictures at the recipe's size, `(pictures, channels, size, size)`."""
        block = self.recipe.input
        return pixels(pictures, size=block.size, color=block.color)

    def collate(self, examples: Examples, rows: Rows) -> Images:
        """Pixels `(batch, channels, size, size)` in 0-1."""
        return Images(torch.from_numpy(examples.inputs[rows]).float() / 255.0)

    def build(self) -> ImageInput:
        """A convolutional network."""
        return ImageInput(**self.recipe.input.model_dump(exclude={"features"}))

    def show(self, values: Sequence[Image.Image]) -> list[Any]:
        """The pictures as data URIs."""
        return [_data_uri(picture, self.recipe.input.size) for picture in values]

    def keys(self, values: Sequence[Image.Image]) -> list[Hashable]:
        """The pictures as the model sees them."""
        return [picture.tobytes() for picture in self.pixels(values)]


def picture_reader(recipe: Any) -> type[ImageReader] | type[FeatureReader]:
    """The reader of pictures, or of the vectors that stand for them."""
    return ImageReader if recipe.input.features is None else FeatureReader


def _data_uri(picture: Image.Image, size: int) -> str:
    thumbnail = picture.copy()
    thumbnail.thumbnail((2 * size, 2 * size))
    buffer = io.BytesIO()
    thumbnail.convert("RGB").save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
