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
    sides = -(-_columns(lengths) // bucket_width) * bucket_width
    # Sorted by the last side first (the decoder costs most); rows of equal lengths stand in random order.
    order = np.lexsort((generator.random(len(sides)), *sides.T))
    batches = _cut(order, sides, tokens_per_batch)
    return [batches[index] for index in generator.permutation(len(batches))]


def evaluation_batches(lengths: NDArray[np.integer], *, tokens_per_batch: int) -> list[Rows]:
    """Batches for evaluation, the longest first, so that memory runs out at once or not at all."""
    sides = _columns(lengths)
    return _cut(np.lexsort(sides.T), sides, tokens_per_batch)[::-1]


def _columns(lengths: NDArray[np.integer]) -> NDArray[np.integer]:
    return lengths if lengths.ndim == 2 else lengths[:, None]


def _cut(order: NDArray[np.int64], sides: NDArray[np.integer], tokens_per_batch: int) -> list[Rows]:
    longest = sides.max(axis=1)[order].tolist()
    batches, start, width = [], 0, 0
    for position, length in enumerate(longest):
        width = max(width, length)
        if position > start and (position + 1 - start) * width > tokens_per_batch:
            batches.append(order[start:position])
            start, width = position, length
    if start < len(order):
        batches.append(order[start:])
    return batches
