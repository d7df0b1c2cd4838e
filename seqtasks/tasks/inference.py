"""A model over many examples: batches sorted by length, answers in row order."""

import torch
from datasets import Dataset

from seqtasks.metrics.score import Score
from seqtasks.tasks.examples import Examples, Prediction
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Task, device_of


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
    device = device_of(model)
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(task.recipe.train.seed)  # for sampling: the same inputs, the same texts
        return _predict(task, model, examples, tokens_per_batch=tokens_per_batch, greedy=greedy)


def _predict(
    task: Task, model: SequenceModel, examples: Examples, *, tokens_per_batch: int, greedy: bool
) -> list[Prediction]:
    answers: list[Prediction | None] = [None] * len(examples)
    for rows in task.evaluation_batches(examples, tokens_per_batch):
        for row, answer in zip(rows.tolist(), task.predict(model, examples, rows, greedy=greedy), strict=True):
            answers[row] = answer
    return [answer for answer in answers if answer is not None]


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
    for rows in task.evaluation_batches(examples, tokens_per_batch):
        output = model(task.collate(examples, rows).to(device))
        total += float(output.loss_sum)
        count += int(output.count)
    return Score(
        name="loss",
        value=total / max(1, count),
        unit="nats",
        higher_is_better=False,
        signature="mean loss per target",
        support=f"{count:,} targets",
    )
