"""How fast this machine could be: what a model has to multiply, and how fast the machine multiplies."""

import time
from collections.abc import Sequence

import torch
from torch import nn

from seqtasks.backbone import Batch

SHAPES = ((64, 256, 1024), (80, 512, 2048), (1600, 256, 1024), (1600, 512, 2048), (1000, 512, 8000))
"""Rows, inputs and outputs: recurrent products of one step, those over all steps, an output layer."""


def training_flops(model: nn.Module, batch: Batch) -> float:
    """Floating-point operations of a training step's matrix products: forward, and twice that backward."""
    lengths = batch.inputs.lengths
    targets = torch.zeros(1) if batch.targets is None or batch.targets.ndim == 1 else (batch.targets >= 0).sum(1)
    return 3 * forward_flops(
        model,
        rows=len(lengths),
        read=int(lengths.sum()),
        written=batch.num_targets,
        compared=float((targets * lengths).sum()),
    )


def forward_flops(model: nn.Module, *, rows: int, read: int, written: int, compared: float = 0.0) -> float:
    """Floating-point operations of the matrix products of a forward pass.

    Only real steps count. Each weight matrix is counted once for each row that must pass through it; embeddings are
    looked up, not multiplied.

    Args:
        model: of seqtasks.
        rows: texts.
        read: their tokens.
        written: targets, or tokens of all hypotheses.
        compared: pairs of a token read and one written, for attention.
    """
    flops = 0.0
    for name, weights in model.named_parameters():
        if weights.ndim == 2 and "embedding" not in name and not name.endswith("transitions"):
            passes = written if name.startswith("head.") else read
            passes = {"head.start": rows, "head.attention": read}.get(".".join(name.split(".")[:2]), passes)
            flops += 2 * weights.numel() * passes
    attention = getattr(model.head, "attention", None)
    if attention is not None:  # each token written is compared with each one read, and sums them
        flops += 2 * compared * sum(attention.key.weight.shape)
    return flops


def products_per_second(shapes: Sequence[tuple[int, int, int]] = SHAPES) -> float:
    """Sustained floating-point operations per second of matrix products, in the fastest of these shapes.

    Measured in processor time, so that another process on the machine does not make it look slow.
    """
    return max(_rate(*shape) for shape in shapes)


def _rate(rows: int, inputs: int, outputs: int, *, seconds: float = 0.3) -> float:
    left, right = torch.randn(rows, inputs), torch.randn(outputs, inputs)
    products, elapsed, started = 0, 0.0, time.process_time()
    while elapsed < seconds:
        left @ right.T
        products += 1
        elapsed = (time.process_time() - started) / torch.get_num_threads()
    return 2.0 * rows * inputs * outputs * products / elapsed
