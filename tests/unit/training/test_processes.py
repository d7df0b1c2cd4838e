"""How a process computes once it takes part in a run."""

import torch

from seqtasks.training.processes import processes


def test_numbers_too_small_for_full_precision_count_as_zero() -> None:
    processes()
    tiny = torch.full((8,), 1e-39)
    assert not (tiny * 1.0).any()
