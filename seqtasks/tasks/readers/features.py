"""Pictures that another network has made vectors of, to standardised vectors."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from seqtasks.backbone import FeatureInput, Features
from seqtasks.data.scaling import Scaling
from seqtasks.errors import DataError
from seqtasks.tasks.examples import Examples, Rows

_FILE = "scaling.json"


class FeatureReader:
    """Reads a vector for each picture; each number has mean 0 and deviation 1 over the training rows.

    Args:
        recipe: with `input.features`.
        scaling: fitted.
    """

    role: ClassVar = "image"

    def __init__(self, recipe: Any, scaling: Scaling) -> None:
        self.recipe, self.scaling = recipe, scaling

    @property
    def vocabulary_size(self) -> None:
        """There are no tokens."""

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Sequence[float]]) -> Self:
        """Learn the scale of each number.

        Raises:
            DataError: a vector has another size than the recipe says.
        """
        return cls(recipe, Scaling.fit(_stacked(values, recipe.input.features)))

    def save(self, directory: Path) -> None:
        """Write `scaling.json`."""
        self.scaling.save(directory / _FILE)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read `scaling.json`."""
        return cls(recipe, Scaling.load(directory / _FILE))

    def encode(self, values: Sequence[Sequence[float]]) -> Examples:
        """Vectors to their common scale; each costs one step.

        Raises:
            DataError: a vector has another size than the recipe says.
        """
        found = self.scaling.apply(_stacked(values, self.recipe.input.features))
        return Examples(found, np.ones(len(found), np.int64), np.zeros(len(found), bool))

    def collate(self, examples: Examples, rows: Rows) -> Features:
        """Vectors `(batch, features)`."""
        return Features(torch.from_numpy(examples.inputs[rows]))

    def build(self) -> FeatureInput:
        """Vectors as they are."""
        return FeatureInput(self.recipe.input.features, dropout=self.recipe.input.dropout)

    def show(self, values: Sequence[Sequence[float]]) -> list[Any]:
        """What a vector stands for is not known here."""
        return [f"{len(vector):,} features" for vector in values]

    def keys(self, values: Sequence[Sequence[float]]) -> list[Hashable]:
        """The bytes of the numbers."""
        return [np.asarray(vector, dtype=np.float32).tobytes() for vector in values]


def _stacked(values: Sequence[Sequence[float]], size: int) -> NDArray[np.float32]:
    found = np.empty((len(values), size), np.float32)
    for row, vector in enumerate(values):
        try:
            numbers = np.asarray(vector, dtype=np.float32)
        except (TypeError, ValueError):
            numbers = np.empty(0, np.float32)
        if numbers.shape != (size,) or not np.isfinite(numbers).all():
            given = f"{len(numbers)} numbers" if numbers.ndim == 1 and numbers.size else type(vector).__name__
            raise DataError(
                f"row {row}: {given} in the place of a picture; expected a list of {size} finite numbers, as "
                "input.features says; mend the row, or leave input.features out if there are pictures"
            )
        found[row] = numbers
    return found
