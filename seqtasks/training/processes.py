"""The processes of a run: one, or as many as `torchrun` or `accelerate launch` has started."""

import numpy as np
import torch
from accelerate import PartialState
from accelerate.utils import parse_flag_from_env


def processes() -> PartialState:
    """Which process this is, of how many, and its device.

    Accelerate by itself joins processes on a CPU only if it is told to use one, by `ACCELERATE_USE_CPU`; here it also
    does where there is nothing else.

    From here on the process takes numbers below 1e-38 for zero. Sharp attention makes many of them, on which a CPU is
    slower by an order of magnitude. Threads take the setting from the one that starts them, so it comes first.
    """
    for kind in (np.float32, np.float64):
        np.finfo(kind)  # which some versions of NumPy determine by such numbers, and keep
    torch.set_flush_denormal(True)
    return PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU") or not torch.accelerator.is_available())
