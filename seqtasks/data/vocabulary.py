"""Words or characters with ids, for inputs that are split already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.tokenization import PAD, UNK
from seqtasks.errors import RunError
from seqtasks.files import read_json, write_json

_FIRST_ID = max(PAD, UNK) + 1


class Vocabulary:
    """All items seen in training, the frequent ones with an id of their own.

    Args:
        items: distinct; those with an id come first.
        kept: how many of them have an id; the others are known to have been seen, and share the unknown id.
        unseen: those with an id that training has not seen.
    """

    def __init__(self, items: list[str], *, kept: int, unseen: Iterable[str] = ()) -> None:
        self.items, self.kept, self.unseen = items, kept, frozenset(unseen)
        self._ids = {item: index + _FIRST_ID if index < kept else UNK for index, item in enumerate(items)}

    @classmethod
    def fit(
        cls,
        items: Iterable[str],
        *,
        vocab_size: int | None = None,
        min_frequency: int = 1,
        further: Sequence[str] = (),
    ) -> "Vocabulary":
        """Count items; those that are frequent enough, and at most `vocab_size`, get ids.

        Args:
            items: with repetitions.
            vocab_size: ids at most; None: any number.
            min_frequency: how often an item must occur.
            further: items that are known without training; they get the ids that are left, the first ones first.
        """
        counts = sorted(Counter(items).items(), key=lambda pair: (-pair[1], pair[0]))
        seen = [item for item, _ in counts]
        frequent = seen[: min(sum(count >= min_frequency for _, count in counts), vocab_size or len(seen))]
        known = dict.fromkeys(frequent)
        added = [item for item in further if item not in known]
        if vocab_size:
            added = added[: vocab_size - len(frequent)]
        kept = [*frequent, *added]
        with_ids = frozenset(kept)
        return cls(
            [*kept, *(item for item in seen if item not in with_ids)],
            kept=len(kept),
            unseen=frozenset(added).difference(seen),
        )

    def __len__(self) -> int:
        return self.kept + _FIRST_ID

    def __contains__(self, item: str) -> bool:
        """Whether it was seen in training, frequent or not."""
        return item in self._ids and item not in self.unseen

    def encode(self, items: Iterable[str]) -> NDArray[np.int32]:
        """Ids `(items,)`; what has none becomes the unknown id."""
        return np.array([self._ids.get(item, UNK) for item in items], dtype=np.int32)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        write_json(path, {"kept": self.kept, "items": self.items, "unseen": sorted(self.unseen)})

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            RunError: the file is missing or damaged.
        """
        content = read_json(path)
        match content:
            case {"items": [*items], "kept": int(kept)} if all(isinstance(item, str) for item in items):
                return cls(items, kept=kept, unseen=content.get("unseen", ()))
        raise RunError(
            f"{path}: holds no vocabulary; expected items, a list of texts, and kept, how many have an id; "
            "start the run again with --overwrite"
        )
