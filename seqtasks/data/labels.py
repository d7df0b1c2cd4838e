"""The closed set of names that a classifier or tagger chooses from."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.streaming import stream
from seqtasks.errors import RunError
from seqtasks.files import read_json, write_json


class Labels:
    """Names in a fixed order; a name's id is its place.

    Args:
        names: distinct names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._ids = {name: index for index, name in enumerate(self.names)}

    @classmethod
    def fit(cls, names: Iterable[str]) -> "Labels":
        """All distinct names, sorted, so that their ids do not depend on the rows' order."""
        return cls(sorted(set(stream(names))))

    def __len__(self) -> int:
        return len(self.names)

    def encode(self, names: Iterable[str], *, unseen: int) -> NDArray[np.int64]:
        """Ids `(names,)`; a name that was not fitted becomes `unseen`."""
        return np.array([self._ids.get(name, unseen) for name in stream(names)], dtype=np.int64)

    def save(self, path: Path) -> None:
        """Write `labels.json`: the names in order."""
        write_json(path, self.names)

    @classmethod
    def load(cls, path: Path) -> "Labels":
        """Read `labels.json`.

        Raises:
            RunError: the file is missing or damaged.
        """
        names = read_json(path)
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise RunError(f"{path}: holds no labels; expected a list of names; start the run again with --overwrite")
        return cls(names)
