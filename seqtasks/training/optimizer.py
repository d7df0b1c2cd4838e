"""Optimizers and learning-rate schedules."""

import math

import torch
from torch import nn

from seqtasks.recipe.blocks import TrainBlock


def make_optimizer(model: nn.Module, block: TrainBlock) -> torch.optim.Optimizer:
    """The optimizer that a recipe names.

    Weight decay is for matrices only: biases, norms and other vectors are left alone.
    """
    matrices = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": block.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    groups = [group for group in groups if group["params"]]
    if block.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=block.learning_rate, momentum=0.9)
    kind = torch.optim.AdamW if block.optimizer == "adamw" else torch.optim.Adam
    # The fused step is several times faster than the default on a CPU.
    return kind(groups, lr=block.learning_rate, fused=True)


def learning_rate(step: int, total_steps: int, block: TrainBlock) -> float:
    """The learning rate of optimizer step `step`, counted from 1.

    It rises linearly over `warmup_steps`, then stays (`constant`), falls along a line (`linear`) or half a cosine
    (`cosine`) that would reach zero one step behind the last, or falls with the root of the step (`inverse_sqrt`,
    Vaswani et al. 2017). It depends on the step alone, so a resumed run needs no further state.
    """
    if step <= block.warmup_steps:
        return block.learning_rate * step / block.warmup_steps
    if block.lr_scheduler_type == "constant":
        return block.learning_rate
    if block.lr_scheduler_type == "inverse_sqrt":
        return block.learning_rate * math.sqrt(max(1, block.warmup_steps) / step)
    done = (step - block.warmup_steps - 1) / max(1, total_steps - block.warmup_steps)
    if block.lr_scheduler_type == "linear":
        return block.learning_rate * (1.0 - done)
    return block.learning_rate * 0.5 * (1.0 + math.cos(math.pi * done))
