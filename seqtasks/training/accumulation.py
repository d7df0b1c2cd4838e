"""The gradient of one optimizer step: summed over its batches, divided by all their targets.

A batch that does not fit into memory is split, which changes neither its gradient nor its loss: losses are summed,
and divided by the targets of the whole window. Only dropout draws other numbers.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils.memory import clear_device_cache, should_reduce_batch_size
from torch import Tensor, nn

from seqtasks.backbone import Batch, State
from seqtasks.errors import MemoryExceededError
from seqtasks.training.source import Rows, Source
from seqtasks.training.windows import continued, detached


@dataclass(frozen=True)
class Gradient:
    """What a window of batches has added up to; the gradients themselves are in the parameters.

    Attributes:
        losses: the rows of each batch, and their loss summed over targets.
        targets: of all processes.
        tokens: of this process.
        state: that the next window of a stream goes on from.
    """

    losses: list[tuple[Rows, Tensor]]
    targets: int
    tokens: int
    state: State | None


class Accumulation:
    """Computes gradients.

    Args:
        model: as accelerate has prepared it.
        accelerator: runs the backward pass.
        source: of the batches.
        largest: padded tokens of a batch, at most; larger ones are split. None: whatever fits into memory.

    Attributes:
        largest: the same, lowered when memory has run out.
    """

    def __init__(self, model: nn.Module, accelerator: Accelerator, source: Source, largest: int | None = None) -> None:
        self.model, self.accelerator, self.source, self.largest = model, accelerator, source, largest
        self._running: Rows = np.zeros(0, np.int64)

    def __call__(self, window: list[Rows], state: State | None, *, weight: float = 1.0) -> Gradient:
        """Add the gradient of a window of batches to the parameters.

        Args:
            window: the rows of each batch of this process.
            state: that a stream goes on from.
            weight: 0 where this process only keeps in step with others.

        Raises:
            MemoryExceededError: a batch does not fit into memory, and cannot be split.
        """
        drawn = torch.get_rng_state()
        while True:
            pieces = [piece for rows in window for piece in self._pieces(rows)]
            try:
                return self._add(pieces, state, weight)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._lower(error)
            # Outside the handler, for what has failed is kept alive within it.
            self.model.zero_grad(set_to_none=True)
            clear_device_cache(garbage_collection=True)
            torch.set_rng_state(drawn)

    @torch.no_grad()
    def rehearse(self, rows: Rows) -> None:
        """Run a batch forwards and backwards, and undo it; it is split if it has to be."""
        buffers = {name: buffer.clone() for name, buffer in self.model.named_buffers()}
        self.model.train()
        with torch.random.fork_rng(), torch.enable_grad():
            self([rows], None)
        self.model.zero_grad(set_to_none=True)
        for name, buffer in self.model.named_buffers():
            buffer.copy_(buffers[name])

    def _pieces(self, rows: Rows) -> Iterator[Rows]:
        if self.largest is None or self.source.size(rows) <= self.largest or len(rows) == 1:
            yield rows
            return
        for half in np.array_split(rows, 2):
            yield from self._pieces(half)

    def _add(self, pieces: list[Rows], state: State | None, weight: float) -> Gradient:
        accelerator = self.accelerator
        batches = [self._collate(rows) for rows in pieces]
        targets = int(sum_over_processes(accelerator, weight * sum(batch.num_targets for batch in batches)))
        # Gradients are averaged over processes; the factor makes that average a sum.
        scale = accelerator.num_processes / max(1, targets)
        losses = []
        for index, (rows, batch) in enumerate(zip(pieces, batches, strict=True)):
            self._running = rows
            with nullcontext() if index == len(pieces) - 1 else accelerator.no_sync(self.model):
                placed = batch.to(accelerator.device)
                output = self.model(continued(placed, state, num_processes=accelerator.num_processes))
                loss = weight * output.loss_sum
                accelerator.backward(loss * scale)
            losses.append((rows, loss.detach()))
            state = detached(output.state)
        return Gradient(losses, targets, sum(batch.num_tokens for batch in batches), state)

    def _collate(self, rows: Rows) -> Batch:
        self._running = rows
        return self.source.collate(rows)

    def _lower(self, error: Exception) -> None:
        """Allow half of what has not fitted.

        Raises:
            MemoryExceededError: it cannot be split.
        """
        rows, size = self._running, self.source.size(self._running)
        if self.accelerator.num_processes > 1:
            reason = "of several processes none may split its batches alone; lower train.tokens_per_batch"
        elif self.source.collate(rows[:1]).window is not None:
            reason = "windows of a stream cannot be split; lower train.tokens_per_batch"
        elif len(rows) == 1:
            reason = f"example {rows[0]} alone is too long; set tokenizer.max_length, or take a smaller model"
        else:
            self.largest = size // 2
            return
        raise MemoryExceededError(
            f"train: memory ran out at a batch of {size:,} padded tokens ({type(error).__name__}); {reason}"
        )


def sum_over_processes(accelerator: Accelerator, value: float | Tensor) -> float | Tensor:
    """The same on every process."""
    if accelerator.num_processes == 1:
        return value
    value = torch.as_tensor(value, dtype=torch.float64, device=accelerator.device)
    return accelerator.reduce(value, reduction="sum")


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory, of the machine or of its GPU, has run out."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or should_reduce_batch_size(error)
