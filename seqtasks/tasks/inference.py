"""A model over many examples: batches sorted by length, answers in row order."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from accelerate.utils.memory import clear_device_cache
from datasets import Dataset

from seqtasks.errors import MemoryExceededError
from seqtasks.metrics.score import Score
from seqtasks.tasks.examples import Examples, Prediction, Rows
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Task, device_of
from seqtasks.training.accumulation import is_out_of_memory

T = TypeVar("T")


@torch.inference_mode()
def predict(
    task: Task,
    model: SequenceModel,
    examples: Examples,
    *,
    tokens_per_batch: int,
    greedy: bool = False,
    details: bool = False,
) -> list[Prediction]:
    """Answer all examples, in their order.

    Args:
        task: how to answer.
        model: in evaluation mode afterwards.
        examples: any number of them.
        tokens_per_batch: budget of padded tokens.
        greedy: the quick way, where there is a better one.
        details: those too that take time to find out; not for greedy answers.
    """
    model.eval()
    device = device_of(model)
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(task.recipe.train.seed)  # for sampling: the same inputs, the same texts
        answer = task.predict_with_details if details else partial(task.predict, greedy=greedy)
        return _in_batches(task, examples, partial(answer, model, examples), tokens_per_batch=tokens_per_batch)


def _in_batches(
    task: Task, examples: Examples, answer: Callable[[Rows], list[Prediction]], *, tokens_per_batch: int
) -> list[Prediction]:
    answers: list[Prediction | None] = [None] * len(examples)
    for rows in task.evaluation_batches(examples, tokens_per_batch):
        for row, found in zip(rows.tolist(), _in_pieces(task, rows, answer), strict=True):
            answers[row] = found
    return [found for found in answers if found is not None]


def _in_pieces(task: Task, rows: Rows, answer: Callable[[Rows], list[T]]) -> list[T]:
    """Answer a batch, or its halves where it does not fit into memory.

    Raises:
        MemoryExceededError: a single row does not.
    """
    try:
        return answer(rows)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        if len(rows) == 1 or task.is_stream:
            raise MemoryExceededError(
                f"row {rows[0]}: memory ran out; expected an input that fits; shorten it, or free some memory"
            ) from error
    clear_device_cache(garbage_collection=True)
    return [found for half in np.array_split(rows, 2) for found in _in_pieces(task, half, answer)]


def validate(
    task: Task, model: SequenceModel, rows: Dataset, examples: Examples, *, tokens_per_batch: int
) -> list[Score]:
    """The scores that training watches: the loss, and the task's own without intervals.

    Args:
        task: how to answer and to score.
        model: in evaluation mode afterwards.
        rows: with the right answers.
        examples: the same, encoded.
        tokens_per_batch: budget of padded tokens.
    """
    answers = predict(task, model, examples, tokens_per_batch=tokens_per_batch, greedy=True)
    scores = task.score(rows, answers, intervals=False)
    if any(score.name == "loss" for score in scores):
        return scores
    return [mean_loss(task, model, examples, tokens_per_batch=tokens_per_batch), *scores]


@torch.inference_mode()
def mean_loss(task: Task, model: SequenceModel, examples: Examples, *, tokens_per_batch: int) -> Score:
    """The loss a target, over all targets: cross-entropy in nats, or a regression's error."""
    model.eval()
    total, count = 0.0, 0
    device = device_of(model)

    def loss(rows: Rows) -> list[tuple[float, int]]:
        output = model(task.collate(examples, rows).to(device))
        return [(float(output.loss_sum), int(output.count))]

    for rows in task.evaluation_batches(examples, tokens_per_batch):
        for loss_sum, targets in _in_pieces(task, rows, loss):
            total += loss_sum
            count += targets
    return Score(
        name="loss",
        value=total / max(1, count),
        unit="nats",
        higher_is_better=False,
        signature="mean loss per target",
        support=f"{count:,} targets",
    )
