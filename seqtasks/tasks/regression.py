"""Many-to-one: frames in, a number out.

[200 frames of (value, mark)]  ->  1.27, the sum of the two marked values
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import RNN, Batch
from seqtasks.data.scaling import Scaling
from seqtasks.heads import RegressionHead
from seqtasks.metrics.regression import regression_scores
from seqtasks.metrics.score import Score
from seqtasks.tasks.baselines import mean_target
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import FrameReader
from seqtasks.tasks.task import Task, device_of

_FILE = "scaling_outputs.json"


class Regression(Task):
    """A number for each recording, or several.

    Args:
        recipe: what to build.
        reader: of the frames.
        outputs: scale of the numbers.
    """

    name: ClassVar = "regression"
    shape: ClassVar = "many-to-one"
    primary: ClassVar = "mse"
    bucket_width: ClassVar = 8

    def __init__(self, recipe: Any, reader: FrameReader, outputs: Scaling) -> None:
        super().__init__(recipe, reader)
        self.outputs = outputs

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn the scales of frames and numbers."""
        return cls(recipe, FrameReader.fit(recipe, rows["frames"]), Scaling.fit(_numbers(rows)))

    def save(self, directory: Path) -> None:
        """Write `scaling.json` and `scaling_outputs.json`."""
        self.reader.save(directory)
        self.outputs.save(directory / _FILE)

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote."""
        return cls(recipe, FrameReader.load(recipe, directory), Scaling.load(directory / _FILE))

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Frames and numbers to their common scales."""
        return self.reader.encode(rows["frames"]).with_targets(self.outputs.apply(_numbers(rows)))

    def build(self) -> SequenceModel:
        """Frames, a recurrent network, the numbers."""
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        head = RegressionHead(backbone.output_size, self.outputs.mean.size, **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The number of each recording, or the list of its numbers."""
        batch = self.collate(examples, rows).to(device_of(model))
        outputs = self.outputs.invert(model(Batch(batch.inputs)).logits.float().cpu().numpy())
        return [Prediction(_plain(numbers)) for numbers in outputs]

    def references(self, rows: Dataset) -> list[Any]:
        """The right numbers."""
        return [_plain(numbers) for numbers in _numbers(rows)]

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """Squared and absolute error."""
        right = _numbers(rows)[:, None]
        found = np.array(values(predictions), dtype=np.float64).reshape(right.shape)
        return regression_scores(right, found, names=("mse", "rmse", "mae"), intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The mean of the training rows."""
        means = mean_target(_numbers(train), len(test))
        return {"mean of training": plain(_plain(numbers) for numbers in means)}


def _numbers(rows: Dataset) -> NDArray[np.float64]:
    """`(rows, numbers)`."""
    return np.array(rows["number"], dtype=np.float64).reshape(len(rows), -1)


def _plain(numbers: NDArray[np.floating]) -> float | list[float]:
    rounded = [round(float(number), 6) for number in numbers]
    return rounded[0] if len(rounded) == 1 else rounded
