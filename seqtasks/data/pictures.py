"""Pictures, or the paths of picture files, to pixels at one size."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from seqtasks.errors import DataError


def open_picture(picture: Image.Image | str | Path) -> Image.Image:
    """A picture, read from its file if it is a path.

    Raises:
        DataError: the file cannot be read.
    """
    if isinstance(picture, Image.Image):
        return picture
    if not isinstance(picture, str | Path):
        raise DataError(
            f"a picture: {type(picture).__name__} was given; expected a picture or the path of one; where vectors "
            "stand for pictures, set input.features to their size"
        )
    try:
        return Image.open(picture)
    except OSError as error:
        raise DataError(f"{picture}: cannot be read ({error}); expected a picture file; check the path") from None


def pixels(pictures: Sequence[Image.Image], *, size: int, color: bool) -> NDArray[np.uint8]:
    """Pictures at one size, `(pictures, channels, size, size)`.

    Args:
        pictures: of any size and mode.
        size: height and width in pixels.
        color: three channels instead of one.
    """
    channels = 3 if color else 1
    found = np.empty((len(pictures), channels, size, size), np.uint8)
    for row, picture in enumerate(pictures):
        converted = picture.convert("RGB" if color else "L")
        if converted.size != (size, size):
            converted = converted.resize((size, size), Image.Resampling.BILINEAR)
        found[row] = np.asarray(converted).reshape(size, size, channels).transpose(2, 0, 1)
    return found
