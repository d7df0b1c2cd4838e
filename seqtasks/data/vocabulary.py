"""Words or characters with ids, for inputs that are split already."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.tokenization import PAD, UNK
from seqtasks.files import read_json, write_json

_FIRST_ID = max(PAD, UNK) + 1


class Vocabulary:
    """All items seen in training, the frequent ones with an id of their own.

    Args:
        items: distinct, the most frequent first.
        kept: how many of them have an id; the others are known to have been seen, and share the unknown id.
    """

    def __init__(self, items: list[str], *, kept: int) -> None:
        self.items, self.kept = items, kept
        self._ids = {item: index + _FIRST_ID if index < kept else UNK for index, item in enumerate(items)}

    @classmethod
    def fit(cls, items: Iterable[str], *, vocab_size: int | None = None, min_frequency: int = 1) -> "Vocabulary":
        """Count items; those that are frequent enough, and at most `vocab_size`, get ids."""
        counts = sorted(Counter(items).items(), key=lambda pair: (-pair[1], pair[0]))
        kept = sum(count >= min_frequency for _, count in counts)
        return cls([item for item, _ in counts], kept=min(kept, vocab_size or kept))

    def __len__(self) -> int:
        return self.kept + _FIRST_ID

    def __contains__(self, item: str) -> bool:
        """Whether it was seen in training, frequent or not."""
        return item in self._ids

    def encode(self, items: Iterable[str]) -> NDArray[np.int32]:
        """Ids `(items,)`; what has none becomes the unknown id."""
        return np.array([self._ids.get(item, UNK) for item in items], dtype=np.int32)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        write_json(path, {"kept": self.kept, "items": self.items})

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            RunError: the file is missing or damaged.
        """
        content = read_json(path)
        return cls(content["items"], kept=content["kept"])
