"""Other spellings of a text in subwords: merges of byte-pair encoding are undone at random while training.

A model that has met "trans lation" beside "translation" learns what the parts mean, which is worth most where texts are
few. BPE-dropout (Provilkov et al. 2020, arXiv:1910.13267) leaves merges out from the bottom up while a text is encoded;
here they are undone from the top down in the ids of a batch. That costs next to nothing, and draws from torch's random
numbers, with which a resumed run goes on.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from seqtasks.data.ragged import Ragged


@dataclass(frozen=True)
class Respelled(Ragged):
    """Rows of subwords that every batch spells anew; lengths are those of the whole subwords.

    Attributes:
        halves: the two tokens that each was merged from, `(vocabulary, 2)`; -1: it is not a merge.
        rate: share of merges that are undone; the halves of one that is undone are asked again.
    """

    halves: NDArray[np.int32]
    rate: float

    def pad(self, rows: NDArray[np.integer], value: float) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Cut a batch, spelled anew."""
        lengths = self.offsets[rows + 1] - self.offsets[rows]
        owners = np.repeat(np.arange(len(rows)), lengths)
        tokens = np.concatenate([self[row] for row in rows])
        asked = np.ones(len(tokens), dtype=bool)
        while True:
            undone = asked & (self.halves[tokens, 0] >= 0) & (torch.rand(len(tokens)).numpy() < self.rate)
            if not undone.any():
                break
            counts = 1 + undone
            left = (np.cumsum(counts) - counts)[undone]
            pairs = self.halves[tokens[undone]]
            tokens, owners, asked = (np.repeat(array, counts) for array in (tokens, owners, undone))
            tokens[left], tokens[left + 1] = pairs[:, 0], pairs[:, 1]
        offsets = np.searchsorted(owners, np.arange(len(rows) + 1))
        return Ragged(tokens, offsets).pad(np.arange(len(rows)), value)
