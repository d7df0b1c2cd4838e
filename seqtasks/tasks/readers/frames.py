"""Recordings, that is lists of frames of numbers, to standardised arrays."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch

from seqtasks.backbone import FrameInput, Frames
from seqtasks.data.audio import read_frames
from seqtasks.data.frames import pad_frames, ragged_frames, scaled
from seqtasks.data.scaling import Scaling
from seqtasks.errors import DataError
from seqtasks.tasks.examples import Examples, Rows

_FILE = "scaling.json"
_SHOWN_FRAMES = 200


class FrameReader:
    """Reads frames; each feature has mean 0 and deviation 1 over the frames of the training rows.

    Args:
        recipe: with an `input` block.
        scaling: fitted.
    """

    role: ClassVar = "frames"

    def __init__(self, recipe: Any, scaling: Scaling) -> None:
        self.recipe, self.scaling = recipe, scaling

    @property
    def vocabulary_size(self) -> None:
        """There are no tokens."""

    @property
    def num_features(self) -> int:
        """Numbers in a frame."""
        return len(self.scaling.mean)

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Sequence[Sequence[float]]]) -> Self:
        """Learn the scale of each feature.

        Raises:
            DataError: there is no frame, or frames differ in size.
        """
        first = next((frame for frames in values for frame in frames), None)
        if first is None:
            raise DataError("frames: no training row has a frame; expected one or more; check the training split")
        rows = ragged_frames(values, num_features=len(first))
        return cls(recipe, Scaling.fit(rows.values))

    def save(self, directory: Path) -> None:
        """Write `scaling.json`."""
        self.scaling.save(directory / _FILE)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `scaling.json`."""
        return cls(recipe, Scaling.load(directory / _FILE))

    def encode(self, values: Sequence[Sequence[Sequence[float]] | str | Path]) -> Examples:
        """Frames, or those of sound files whose paths are given, to their common scale.

        Raises:
            DataError: a file cannot be read, or a frame has another size than those of training.
        """
        recordings: list[Any] = [
            read_frames(Path(value), self.recipe.dataset.sampling_rate, where=str(value))
            if isinstance(value, str | Path)
            else value
            for value in values
        ]
        rows = scaled(ragged_frames(recordings, num_features=self.num_features), self.scaling)
        return Examples(rows, rows.lengths, np.zeros(len(rows), bool))

    def collate(self, examples: Examples, rows: Rows) -> Frames:
        """Frames `(batch, time, features)`; a row without any has one of means, so that there is a step."""
        return Frames(*map(torch.from_numpy, pad_frames(examples.inputs, rows)))

    def build(self) -> FrameInput:
        """Frames as they are, or through a layer."""
        return FrameInput(self.num_features, **self.recipe.input.model_dump())

    def show(self, values: Sequence[Sequence[Sequence[float]]]) -> list[Any]:
        """The frames with three digits behind the point, the first ones of a long recording."""
        return [
            [[round(float(number), 3) for number in frame] for frame in list(frames)[:_SHOWN_FRAMES]]
            for frames in values
        ]

    def keys(self, values: Sequence[Sequence[Sequence[float]]]) -> list[Hashable]:
        """The bytes of the numbers."""
        return [np.asarray(frames, dtype=np.float32).tobytes() for frames in values]
