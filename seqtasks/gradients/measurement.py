"""From a recipe to measured networks: data, training steps, and the gradients of the first recurrent layer."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from seqtasks.backbone import IGNORE_INDEX, Batch, Features, Images
from seqtasks.errors import DataError
from seqtasks.gradients.backpropagation import State, gradient_norms
from seqtasks.gradients.cells import VARIANTS, Variant, build, own_variant, recurrent_layers
from seqtasks.heads import DecoderHead
from seqtasks.recipe import Recipe
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.rows import load_rows
from seqtasks.training.optimizer import make_optimizer

FITTED_ROWS = 5_000
"""Training rows that vocabulary and batches are taken from, at most."""

MEASURED_ROWS = 64
"""Long ones of them."""

MAX_STEPS = 1_000
"""Of longer rows the first so many steps are read."""


@dataclass(frozen=True)
class Measurement:
    """A network at some time of its training.

    Attributes:
        low: 10th percentile over rows at each distance, as a share of distance 0, `(distances,)`.
        median: 50th.
        high: 90th.
        weights: norm of the gradient of the mean loss by all weights, before any clipping.
    """

    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]
    weights: float


@dataclass(frozen=True)
class Network:
    """A measured variant.

    Attributes:
        variant: what was built.
        is_own: whether it is the one that the recipe asks for.
        stages: by number of optimizer steps done before, from 0.
    """

    variant: Variant
    is_own: bool
    stages: dict[int, Measurement]

    def to_dict(self) -> dict[str, Any]:
        """Plain values: by number of steps the median share of the gradient that is left at each distance."""
        medians = {steps: measured.median.tolist() for steps, measured in self.stages.items()}
        return {"name": self.variant.name, "cell": self.variant.cell, "is_own": self.is_own, "medians": medians}


def measure(recipe: Recipe, *, steps: int = 0) -> Iterator[Network]:
    """Measure each variant on the longest batches of the training rows; one is yielded when it is done.

    Args:
        recipe: what to build. Where it reads in both directions, the forward one is measured.
        steps: optimizer steps after which everything is measured again; 0: at initialisation only.

    Raises:
        RecipeError: it has no recurrent layer.
        DataError: the data cannot be loaded, or most of its rows have one step.
    """
    own = own_variant(recipe)
    rows = load_rows(task_class(recipe), recipe)[0]["train"]
    if len(rows) > FITTED_ROWS:
        rows = rows.select(np.linspace(0, len(rows) - 1, FITTED_ROWS).astype(int))
    task = task_class(recipe).fit(recipe, rows)
    examples = task.encode(rows, training=True)
    batches = [task.collate(examples, batch) for batch in _longest(examples, task.training_batches(examples, 0))]
    for variant in VARIANTS:
        model = build(task, variant)
        stages = {0: measure_model(model, batches)}
        if len(stages[0].median) < 2:
            raise DataError(
                f"{recipe.dataset.path}: most rows have a single step; expected two or more, so that there is a step "
                "back; choose a recipe with longer rows"
            )
        if steps:
            train(task, model, examples, steps)
            stages[steps] = measure_model(model, batches)
        yield Network(variant, variant.name == own, stages)


def _longest(examples: Examples, batches: list[Rows]) -> Iterator[Rows]:
    """`MEASURED_ROWS` rows from the batches whose rows are longest."""
    lengths = examples.lengths.reshape(len(examples), -1)[:, 0]
    wanted = MEASURED_ROWS
    for rows in sorted(batches, key=lambda rows: -float(np.median(lengths[rows]))):
        yield rows[:wanted]
        wanted -= len(rows)
        if wanted <= 0:
            return


def train(task: Task, model: SequenceModel, examples: Examples, steps: int) -> None:
    """Some optimizer steps at the recipe's learning rate, without its schedule, clipped as it says."""
    block = task.recipe.train
    optimizer = make_optimizer(model, block)
    limit = float("inf") if block.max_grad_norm is None else block.max_grad_norm
    model.train()
    for rows in islice(cycle(task.training_batches(examples, 0)), steps):
        _backward(model, task.collate(examples, rows))
        nn.utils.clip_grad_norm_(model.parameters(), limit)
        optimizer.step()
        optimizer.zero_grad()


def measure_model(model: SequenceModel, batches: list[Batch]) -> Measurement:
    """The gradient norms of the first recurrent layer; the model is in evaluation mode afterwards."""
    model.eval()
    norms = np.concatenate([_norms(model, batch, seed) for seed, batch in enumerate(batches)])
    # Distances that fewer than half of the rows have would be those of a few long rows.
    kept = norms[:, : int((np.isnan(norms).mean(axis=0) <= 0.5).sum())]
    # Without interpolation: between infinite norms there is nothing.
    low, median, high = np.nanpercentile(kept, (10, 50, 90), axis=0, method="nearest")
    _backward(model, batches[0])
    gradients = [parameter.grad.double().norm() for parameter in model.parameters() if parameter.grad is not None]
    model.zero_grad()
    return Measurement(low, median, high, float(torch.stack(gradients).norm()))


def _norms(model: SequenceModel, batch: Batch, seed: int) -> NDArray[np.float64]:
    """Of a batch, `(rows, MAX_STEPS)`; in double precision, whose range explosions do not leave as soon."""
    layer = recurrent_layers(model)[0]
    inputs, initial = _what_it_reads(model, layer, batch)
    lengths = _lengths(model, batch).clamp(max=MAX_STEPS)
    norms = gradient_norms(
        deepcopy(layer).double(),
        inputs[:, : int(lengths.max())].double(),
        lengths,
        initial=None if initial is None else tuple(part.double() for part in initial),
        seed=seed,
    )
    return nn.functional.pad(norms, (0, MAX_STEPS - norms.shape[1]), value=torch.nan).numpy()


@torch.no_grad()
def _what_it_reads(model: SequenceModel, layer: nn.Module, batch: Batch) -> tuple[Tensor, State | None]:
    """The layer's inputs `(batch, time, features)` and first state, as the model gives them; what is fed is given."""
    if model.backbone is None and isinstance(model.head, DecoderHead) and batch.targets is not None:
        return model.head.first_inputs(model.encode(batch.inputs), batch.targets)
    calls: list[tuple[Any, ...]] = []
    handle = layer.register_forward_pre_hook(lambda module, arguments: calls.append(arguments))
    try:
        model(batch)
    finally:
        handle.remove()
    ((inputs, initial),) = calls
    return inputs, (initial,) if isinstance(initial, Tensor) else initial


def _lengths(model: SequenceModel, batch: Batch) -> Tensor:
    """Steps of each row that the measured layer reads, or writes."""
    if model.backbone is not None and not isinstance(batch.inputs, Images | Features):
        return batch.inputs.lengths
    if batch.targets is None:
        raise TypeError("batch.targets: there are none; expected the texts that a decoder writes")
    return (batch.targets != IGNORE_INDEX).sum(1)


def _backward(model: SequenceModel, batch: Batch) -> None:
    """Gradients of the mean loss of a batch."""
    output = model(batch)
    if output.loss_sum is None or output.count is None:
        raise TypeError("batch.targets: there are none; expected some to learn from")
    (output.loss_sum / output.count).backward()
