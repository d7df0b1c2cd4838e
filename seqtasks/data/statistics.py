"""What a split looks like, for the report's data section."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.streaming import stream

_BINS = 20


def describe_split(
    lengths: NDArray[np.integer], *, unknown: NDArray[np.bool_] | None, cut: NDArray[np.bool_], empty: int
) -> dict[str, Any]:
    """Rows, tokens and lengths of a split, as `data.json` holds them.

    Args:
        lengths: tokens of each row.
        unknown: for each token whether the vocabulary lacks it; None where there are no tokens.
        cut: for each row whether it was cut at the maximum length.
        empty: rows whose text is empty.
    """
    longest = int(lengths.max(initial=1))
    counts, edges = np.histogram(lengths, bins=np.arange(0, longest + 1 + (width := -(-longest // _BINS)), width))
    return {
        "rows": len(lengths),
        "tokens": int(lengths.sum()),
        "mean_length": float(lengths.mean()) if len(lengths) else 0.0,
        "max_length": int(lengths.max(initial=0)),
        "lengths": [[int(edge), int(count)] for edge, count in zip(edges, counts, strict=False)],
        "unknown_rate": None if unknown is None else float(unknown.mean()) if len(unknown) else 0.0,
        "truncated": int(cut.sum()),
        "empty": empty,
    }


def compare_keys(train: Iterable[Hashable], others: Mapping[str, Collection[Hashable]]) -> tuple[int, dict[str, int]]:
    """What is to be known of the keys of the training rows, which are read once and not kept.

    Args:
        train: the key of each training row, which tells equal inputs.
        others: those of the rows of each other split.

    Returns:
        How many keys of `train` are empty, and the rows of each other split whose input also stands in `train`.
    """
    wanted, seen, empty = set(chain.from_iterable(others.values())), set(), 0
    for key in train:
        empty += not key
        if key in wanted:
            seen.add(key)
    return empty, {name: sum(key in seen for key in keys) for name, keys in others.items()}


def count_labels(names: Iterable[str]) -> dict[str, int]:
    """How often each label occurs, the most frequent first."""
    return dict(Counter(stream(names)).most_common())
