"""A model over many examples: batches sorted by length, answers in row order."""

from collections.abc import Sequence

import torch

from seqtasks.data.batching import evaluation_batches
from seqtasks.metrics.score import Score
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples, Prediction, Task


@torch.inference_mode()
def predict(
    task: Task, model: SequenceModel, examples: Examples, *, tokens_per_batch: int, greedy: bool = False
) -> list[Prediction]:
    """Answer all examples, in their order.

    Args:
        task: how to answer.
        model: in evaluation mode afterwards.
        examples: any number of them.
        tokens_per_batch: budget of padded tokens.
        greedy: the quick way, where there is a better one.
    """
    model.eval()
    device = next(model.parameters()).device
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(task.recipe.train.seed)  # for sampling: the same inputs, the same texts
        return _predict(task, model, examples, tokens_per_batch=tokens_per_batch, greedy=greedy)


def _predict(
    task: Task, model: SequenceModel, examples: Examples, *, tokens_per_batch: int, greedy: bool
) -> list[Prediction]:
    answers: list[Prediction | None] = [None] * len(examples)
    for rows in evaluation_batches(examples.lengths, tokens_per_batch=tokens_per_batch):
        for row, answer in zip(rows.tolist(), task.predict(model, examples, rows, greedy=greedy), strict=True):
            answers[row] = answer
    return [answer for answer in answers if answer is not None]


@torch.inference_mode()
def mean_loss(task: Task, model: SequenceModel, examples: Examples, *, tokens_per_batch: int) -> Score:
    """Cross-entropy in nats a target, over all targets."""
    model.eval()
    total, count = 0.0, 0
    device = next(model.parameters()).device
    for rows in evaluation_batches(examples.lengths, tokens_per_batch=tokens_per_batch):
        output = model(task.collate(examples, rows).to(device))
        total += float(output.loss_sum)
        count += int(output.count)
    return Score(
        name="loss",
        value=total / max(1, count),
        unit="nats",
        higher_is_better=False,
        signature="cross-entropy per target",
        support=f"{count:,} targets",
    )


def values(predictions: Sequence[Prediction]) -> list[object]:
    """The answers alone."""
    return [prediction.value for prediction in predictions]
