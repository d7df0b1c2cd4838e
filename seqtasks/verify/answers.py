"""Answers do not depend on which rows share a batch, how far it is padded, in which order rows come, or on threads."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from seqtasks.heads import DecoderHead
from seqtasks.tasks import Task
from seqtasks.tasks.examples import Examples, Prediction, Rows
from seqtasks.tasks.inference import predict
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import device_of
from seqtasks.verify.finding import TOLERANCE, Finding, differing_answers, distance, judge, left_out


@dataclass(frozen=True)
class Sample:
    """Rows that are answered again and again.

    Attributes:
        task: of the run.
        model: in evaluation mode.
        examples: the rows with what is right, encoded.
        inputs: the same rows without it.
    """

    task: Task
    model: SequenceModel
    examples: Examples
    inputs: Examples

    @property
    def draws(self) -> bool:
        """Whether texts are drawn at random, so that no two are the same."""
        return isinstance(self.model.head, DecoderHead) and self.task.recipe.decoding.do_sample

    @property
    def numeric(self) -> bool:
        """Whether answers are numbers, which can be compared as they are."""
        return self.task.name in ("language_modeling", "regression", "forecasting")

    def answer(self, rows: Sequence[Rows]) -> list[Prediction]:
        """Answer these batches, in row order."""
        found: dict[int, Prediction] = {}
        with torch.inference_mode():
            for batch in rows:
                found |= zip(batch.tolist(), self.task.predict(self.model, self.inputs, batch), strict=True)
        return [found[row] for row in sorted(found)]

    @torch.inference_mode()
    def loss(self, rows: Rows) -> tuple[float, int]:
        """Loss of a batch, summed over its targets, and how many there are."""
        output = self.model(self.task.collate(self.examples, rows).to(device_of(self.model)))
        if output.loss_sum is None or output.count is None:
            raise TypeError(f"{type(self.model.head).__name__}: gives no loss; expected one for rows with targets")
        return float(output.loss_sum.double()), int(output.count)


def check_answers(sample: Sample, budget: int) -> Iterator[Finding]:
    """The checks of this page.

    Args:
        sample: what is answered.
        budget: padded tokens of a batch.
    """
    batches = sample.task.evaluation_batches(sample.inputs, budget)
    singles = [np.array([row]) for row in range(len(sample.inputs))]
    shuffled = np.random.default_rng(0).permutation(len(sample.inputs))
    others = [shuffled[start : start + 7] for start in range(0, len(shuffled), 7)]
    for name, question, other in (
        ("batch size", "rows many in a batch, and one by one", singles),
        ("row order", "rows in their order, and shuffled into other batches", others),
    ):
        if sample.draws:
            yield left_out(name, question, "texts are drawn at random")
        else:
            yield _compare(sample, name, question, other, batches)
    yield _check_padding(sample)
    yield _check_threads(sample, batches)


def _compare(sample: Sample, name: str, question: str, ones: Sequence[Rows], others: Sequence[Rows]) -> Finding:
    """Answers of two ways to make batches, and the loss: that of a batch is the sum of its rows' losses."""
    found, expected = sample.answer(ones), sample.answer(others)
    if sample.numeric:
        return _numbers(name, question, found, expected)
    alone = [sample.loss(np.array([row])) for row in range(len(sample.examples))]
    deviation = 0.0
    for batch in (*ones, *others):
        loss, count = sample.loss(batch)
        expected_loss = sum(alone[row][0] for row in batch)
        deviation = max(deviation, distance(loss / max(1, count), expected_loss / max(1, count)))
    differing = differing_answers(found, expected)
    return judge(name, question, cases=len(found), differing=differing, deviation=deviation)


def _numbers(name: str, question: str, found: Sequence[Prediction], expected: Sequence[Prediction]) -> Finding:
    deviation = max(distance(ours.value, theirs.value) for ours, theirs in zip(found, expected, strict=True))
    return judge(name, question, cases=len(found), deviation=deviation)


def _check_padding(sample: Sample) -> Finding:
    """Each row alone, and beside the longest one: what is padded must add nothing."""
    name, question = "padding", "each row alone, and padded to the length of the longest"
    lengths = sample.inputs.lengths.reshape(len(sample.inputs), -1)[:, 0]
    longest = int(lengths.argmax())
    rows = [row for row in range(len(lengths)) if row != longest]
    if not rows:
        return left_out(name, question, "there is one row only")
    pairs = [np.array([row, longest]) for row in rows]
    if sample.numeric:
        alone = sample.answer([np.array([row]) for row in rows])
        beside = [sample.answer([pair])[pair.argmin()] for pair in pairs]
        return _numbers(name, question, beside, alone)
    (long_loss, _), deviation = sample.loss(np.array([longest])), 0.0
    for row, pair in zip(rows, pairs, strict=True):
        (own, count), (both, _) = sample.loss(np.array([row])), sample.loss(pair)
        deviation = max(deviation, distance((both - long_loss) / max(1, count), own / max(1, count)))
    return judge(name, question, cases=len(rows), deviation=deviation, tolerance=_difference_tolerance(long_loss))


def _difference_tolerance(loss: float) -> float:
    """A difference of two float32 sums carries the rounding of the larger one."""
    return TOLERANCE * max(1.0, abs(loss) / 100)


def _check_threads(sample: Sample, batches: Sequence[Rows]) -> Finding:
    """One thread, and all of them."""
    name, question = "threads", "computed by one thread, and by several"
    several = min(4, os.cpu_count() or 1)
    if several == 1 or device_of(sample.model).type != "cpu":
        return left_out(name, question, "this machine has one processor" if several == 1 else "a GPU computes")
    before = torch.get_num_threads()
    answers, losses = [], []
    try:
        for threads in (1, several):
            torch.set_num_threads(threads)
            answers.append(_seeded(sample))
            losses.append([] if sample.numeric else [sample.loss(batch) for batch in batches])
    finally:
        torch.set_num_threads(before)
    if sample.numeric:
        return _numbers(name, question, *answers)
    pairs = zip(*losses, strict=True)
    deviation = max(distance(one / max(1, count), other / max(1, count)) for (one, count), (other, _) in pairs)
    return judge(name, question, cases=len(answers[0]), differing=differing_answers(*answers), deviation=deviation)


def _seeded(sample: Sample) -> list[Prediction]:
    """The answers as `predict` gives them, which seeds what is drawn."""
    budget = 4 * sample.task.recipe.train.tokens_per_batch
    return predict(sample.task, sample.model, sample.inputs, tokens_per_batch=budget)
