"""Numbers for each input, on the scale of the data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.scaling import Scaling
from seqtasks.data.series import plain_series, summed
from seqtasks.prediction import Prediction
from seqtasks.runtime.network import Network, Values


class NumberAnswers:
    """Answers with a number, or a list of several.

    Args:
        folder: with `scaling_outputs.json`.
        networks: `model` gives the numbers on their common scale as logits `(batch, numbers)`.
    """

    def __init__(self, folder: Path, networks: dict[str, Network]) -> None:
        self._network, self._outputs = networks["model"], Scaling.load(folder / "scaling_outputs.json")

    def __call__(self, feed: Values, lengths: NDArray[np.int64], notes: Sequence[Any]) -> list[Prediction]:
        """Answer a batch."""
        found = [
            [round(number, 6) for number in row] for row in self._outputs.invert(self._network(feed)["logits"]).tolist()
        ]
        return [Prediction(row[0] if len(row) == 1 else row) for row in found]


class SeriesAnswers:
    """Answers with the next steps of a series: numbers, or frames where there are several series.

    Args:
        folder: with `scaling.json`.
        networks: `model` gives the steps on their common scale as logits `(batch, steps * series)`.
        lag: the steps are changes over so many; 0: they are values.
    """

    def __init__(self, folder: Path, networks: dict[str, Network], *, lag: int) -> None:
        self._network, self._scaling, self._lag = networks["model"], Scaling.load(folder / "scaling.json"), lag

    def __call__(self, feed: Values, lengths: NDArray[np.int64], notes: Sequence[Any]) -> list[Prediction]:
        """Answer a batch; the notes are the last values of each context."""
        outputs = self._network(feed)["logits"]
        steps = self._scaling.invert(outputs.reshape(len(outputs), -1, len(self._scaling.mean)))
        return [Prediction(future) for future in plain_series(summed(steps, np.stack(notes), self._lag))]
