"""One tag for each step: the most probable one, or with a CRF the most probable sequence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.labels import Labels
from seqtasks.prediction import Prediction
from seqtasks.runtime.network import Network, Values
from seqtasks.runtime.viterbi import Chain, viterbi


class TagAnswers:
    """Answers with a list of tags.

    Args:
        folder: with `labels.json`, and with a CRF `crf.json`.
        networks: `model` gives logits `(batch, time, labels)`.
        crf: the logits are emissions of a chain.
    """

    def __init__(self, folder: Path, networks: dict[str, Network], *, crf: bool) -> None:
        self._network, self._names = networks["model"], Labels.load(folder / "labels.json").names
        self._chain = Chain.load(folder / "crf.json") if crf else None

    def __call__(self, feed: Values, lengths: NDArray[np.int64], notes: Sequence[Any]) -> list[Prediction]:
        """Answer a batch; an input without steps has no tags."""
        logits = self._network(feed)["logits"]
        best = logits.argmax(-1) if self._chain is None else viterbi(logits, feed["lengths"], self._chain)
        return [
            Prediction([self._names[tag] for tag in tags[:length]])
            for tags, length in zip(best.tolist(), lengths.tolist(), strict=True)
        ]
