"""How much memory a training step takes, and how large a batch may be for a step to stay within what is allowed."""

import sys
from collections.abc import Callable
from pathlib import Path

import torch

from seqtasks.errors import MemoryExceededError, RecipeError
from seqtasks.recipe.blocks import TrainBlock
from seqtasks.training.accumulation import Accumulation
from seqtasks.training.source import Rows

MEGABYTE = 10**6
OPTIMIZER_STATES = {"adamw": 2, "adam": 2, "sgd": 1}
"""Numbers that an optimizer keeps for each parameter."""


def peak_memory(run: Callable[[], None]) -> int:
    """Bytes that this process holds at most while something runs: on the GPU if there is one, else in main memory.

    Raises:
        RecipeError: this system does not tell.
    """
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
        run()
        return torch.cuda.max_memory_allocated()
    if not sys.platform.startswith("linux"):
        raise RecipeError("train.max_memory: without a GPU it needs Linux, which tells how much is used; leave it out")
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
    run()
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])


def fit_memory(accumulate: Accumulation, rows: Rows, block: TrainBlock) -> None:
    """Try the largest batch first, and split batches from then on if it is too large for the machine or the recipe.

    What does not fit is found now, and not after hours.
    """
    if block.max_memory is not None and accumulate.largest is None:
        weights = sum(parameter.numel() * parameter.element_size() for parameter in accumulate.model.parameters())
        reserved = weights * OPTIMIZER_STATES[block.optimizer]
        accumulate.largest = largest_fitting(accumulate, rows, megabytes=block.max_memory, reserved=reserved)
    accumulate.rehearse(rows)


def largest_fitting(accumulate: Accumulation, rows: Rows, *, megabytes: int, reserved: int) -> int | None:
    """Padded tokens of the largest batch that a step may take: the given batch, or the half, quarter, ... of it.

    It grows from one example; a size whose memory, by what smaller ones took, would be too much is not tried. Only
    whole halves are returned, so that two calibrations on one machine agree.

    Args:
        accumulate: runs the batches, and undoes them.
        rows: of the largest batch.
        megabytes: that the process may hold.
        reserved: bytes that are not held yet but will be, such as the optimizer's state.

    Returns:
        The size above which batches are to be split; None: the whole batch fits.

    Raises:
        MemoryExceededError: not even one example does.
    """
    limit = megabytes * MEGABYTE - reserved
    size = accumulate.source.size
    rows = rows[sorted(range(len(rows)), key=lambda index: -size(rows[index : index + 1]))]
    halvings = 0 if accumulate.source.collate(rows[:1]).window is not None else len(rows).bit_length() - 1
    taken = [(0, peak_memory(lambda: None))]
    for halving in range(halvings, -1, -1):
        piece = rows[: len(rows) >> halving]
        if len(taken) > 1:  # the first example shows what one takes
            (less, before), (more, after) = taken[-2:]
            if after + (after - before) * (size(piece) - more) / max(1, more - less) > limit:
                return taken[-1][0]
        peak = peak_memory(lambda piece=piece: accumulate.rehearse(piece))  # type: ignore[misc]
        if peak > limit and len(taken) == 1:
            raise MemoryExceededError(
                f"train.max_memory: {megabytes:,} MB, and a batch of {len(piece)} example takes "
                f"{peak / MEGABYTE:,.0f} MB, with {reserved / MEGABYTE:,.0f} MB to come; expected more; raise it, set "
                "tokenizer.max_length, or take a smaller model"
            )
        if peak > limit:
            return taken[-1][0]
        taken.append((size(piece), peak))
    return None
