"""One label for each input: the most probable one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.labels import Labels
from seqtasks.prediction import Prediction
from seqtasks.runtime.network import Network, Values


class LabelAnswers:
    """Answers with a label and its probability.

    Args:
        folder: with `labels.json`.
        networks: `model` gives logits `(batch, labels)`.
    """

    def __init__(self, folder: Path, networks: dict[str, Network]) -> None:
        self._network, self._names = networks["model"], Labels.load(folder / "labels.json").names

    def __call__(self, feed: Values, lengths: NDArray[np.int64], notes: Sequence[Any]) -> list[Prediction]:
        """Answer a batch."""
        logits = self._network(feed)["logits"]
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        best = odds.argmax(axis=1)
        probabilities = odds[np.arange(len(best)), best] / odds.sum(axis=1)
        return [
            Prediction(self._names[label], {"probability": round(probability, 4)})
            for label, probability in zip(best.tolist(), probabilities.tolist(), strict=True)
        ]
