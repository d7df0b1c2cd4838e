"""`Source`: where training batches come from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seqtasks.backbone import Batch

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """Where training batches come from.

    Attributes:
        batches: the batches of an epoch, as row numbers; the same epoch gives the same batches.
        collate: row numbers to a batch.
        size: padded tokens of a batch.
    """

    batches: Callable[[int], list[Rows]]
    collate: Callable[[Rows], Batch]
    size: Callable[[Rows], int] = len
