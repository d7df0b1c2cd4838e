"""Which rows go into which batch.

Rows of like length stand together, so little is padded, and a batch is as large as a budget of padded
tokens allows. The order depends on (seed, epoch) alone: it is the same after a resume, on any machine.
"""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def training_batches(
    lengths: NDArray[np.integer], *, tokens_per_batch: int, seed: int, epoch: int, bucket_width: int = 1
) -> list[Rows]:
    """One epoch of batches in random order.

    Args:
        lengths: `(rows,)`, or `(rows, sides)` where each example has several sequences (source, target).
        tokens_per_batch: rows times the longest sequence of any side stays within this, unless a single
            row is longer.
        seed: of the run.
        epoch: counted from 0.
        bucket_width: lengths are rounded up to a multiple of this first, so that a batch mixes more lengths.

    Returns:
        Row numbers of each batch. Every row is in exactly one batch.
    """
    generator = np.random.default_rng([seed, epoch])
    sides = _short(-(-_columns(lengths) // bucket_width) * bucket_width)
    # Sorted by the last side first (the decoder costs most); rows of equal lengths stand in random order.
    order = np.lexsort((generator.random(len(sides)), *sides.T))
    batches = _cut(order, sides, tokens_per_batch)
    return [batches[index] for index in generator.permutation(len(batches))]


def evaluation_batches(lengths: NDArray[np.integer], *, tokens_per_batch: int) -> list[Rows]:
    """Batches for evaluation, the longest first, so that memory runs out at once or not at all."""
    sides = _short(_columns(lengths))
    return _cut(np.lexsort(sides.T), sides, tokens_per_batch)[::-1]


def _columns(lengths: NDArray[np.integer]) -> NDArray[np.integer]:
    return lengths if lengths.ndim == 2 else lengths[:, None]


def _short(sides: NDArray[np.integer]) -> NDArray[np.integer]:
    """The same numbers in the fewest bytes: NumPy sorts short ones by radix, three times as fast."""
    return sides.astype(np.min_scalar_type(sides.max(initial=0)))


def _cut(order: NDArray[np.int64], sides: NDArray[np.integer], tokens_per_batch: int) -> list[Rows]:
    """Neighbours side by side, as many as the budget allows; runs of equal lengths are passed in one stride."""
    longest = sides.max(axis=1)[order]
    ends = np.flatnonzero(np.diff(longest, append=-1)) + 1
    batches, start, position, width = [], 0, 0, 0
    for length, end in zip(longest[ends - 1].tolist(), ends.tolist(), strict=True):
        width = max(width, length)
        # A longer row may leave the batch less room than it has filled: then it is full before this row.
        while (full := max(position, start + _room(width, tokens_per_batch, most=len(order)))) < end:
            batches.append(order[start:full])
            start, position, width = full, full, length
        position = end
    if start < len(order):
        batches.append(order[start:])
    return batches


def _room(width: int, tokens_per_batch: int, *, most: int) -> int:
    """Rows of a width that a batch has room for, one at least."""
    return max(1, tokens_per_batch // width) if width else most
