"""What training will cost: memory and time, from a few measured steps."""

import sys
from collections.abc import Sequence

import torch
from torch import nn

from seqtasks.recipe.blocks import TrainBlock
from seqtasks.tasks.examples import Rows
from seqtasks.training.memory import OPTIMIZER_STATES


def peak_memory() -> int:
    """Bytes that this process has held at most: on the GPU if there is one, else in main memory (0: unknown)."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    if sys.platform == "win32":
        return 0
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def describe_memory(model: nn.Module, block: TrainBlock, growth: int) -> tuple[str, str]:
    """Weights, gradients and optimizer state by count; `growth` is what the steps added to the peak, in bytes."""
    weights = sum(parameter.numel() * parameter.element_size() for parameter in model.parameters())
    fixed = weights * (2 + OPTIMIZER_STATES[block.optimizer])
    return (
        f"memory: {_megabytes(fixed)} for weights, gradients and {block.optimizer}",
        f"peak of the process: {_megabytes(peak_memory())}, of which training {_megabytes(growth)}",
    )


def describe_time(block: TrainBlock, timed: Sequence[Rows], seconds: float, examples: float) -> tuple[str, str]:
    """Time of an epoch and of the whole training, validation left out.

    Args:
        block: the settings of the training.
        timed: the batches that were timed.
        seconds: what they took.
        examples: training examples of an epoch.
    """
    batches = max(1.0, examples / (sum(len(batch) for batch in timed) / len(timed)))
    per_batch = seconds / len(timed)
    steps_per_epoch = max(1.0, batches / block.gradient_accumulation_steps)
    steps = block.max_steps or round(block.epochs * steps_per_epoch)
    total = steps * block.gradient_accumulation_steps * per_batch
    return (
        f"an epoch of {batches:,.0f} batches: about {_duration(batches * per_batch)}",
        f"all {steps:,} steps: about {_duration(total)}, validation not counted",
    )


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 1 else "1 s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
