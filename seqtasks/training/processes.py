"""The processes of a run: one, or as many as `torchrun` or `accelerate launch` has started."""

import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import parse_flag_from_env

from seqtasks.training.source import Rows


def processes() -> PartialState:
    """Which process this is, of how many, and its device.

    Accelerate by itself joins processes on a CPU only if it is told to use one, by `ACCELERATE_USE_CPU`; here it also
    does where there is nothing else.
    """
    return PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU") or not torch.accelerator.is_available())


def seed_step(accelerator: Accelerator, seed: int, step: int) -> None:
    """Several processes draw their dropout by step and process, so that a resumed run draws the same again."""
    if accelerator.num_processes > 1:
        torch.manual_seed((seed << 32) + step * accelerator.num_processes + accelerator.process_index)


def own_share(accelerator: Accelerator, window: list[Rows]) -> tuple[list[Rows], float]:
    """This process's batches; one that has none runs the first with weight zero, to keep in step."""
    own = window[accelerator.process_index :: accelerator.num_processes]
    return own or window[:1], float(bool(own))
