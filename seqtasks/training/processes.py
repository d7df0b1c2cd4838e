"""The processes of a run: one, or as many as `torchrun` or `accelerate launch` has started."""

import torch
from accelerate import PartialState
from accelerate.utils import parse_flag_from_env


def processes() -> PartialState:
    """Which process this is, of how many, and its device.

    Accelerate by itself joins processes on a CPU only if it is told to use one, by `ACCELERATE_USE_CPU`; here it also
    does where there is nothing else.
    """
    return PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU") or not torch.accelerator.is_available())
