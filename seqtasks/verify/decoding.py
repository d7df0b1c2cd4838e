"""Two ways to the same text: a beam of one and greedy search; the input step by step and at once."""

from itertools import islice
from typing import Any

import torch
from datasets import Dataset

from seqtasks.errors import RunError
from seqtasks.heads import DecoderHead
from seqtasks.predictor import Predictor
from seqtasks.tasks.generation import decode, search
from seqtasks.tasks.task import device_of
from seqtasks.verify.answers import Sample
from seqtasks.verify.finding import Finding, distance, judge, left_out

STREAMED_ROWS = 16


def check_beam(sample: Sample, budget: int) -> Finding:
    """Beam search with one beam takes the most probable token at every step, as greedy search does."""
    name, question = "beam of 1", "beam search with one beam, and greedy search"
    task, model = sample.task, sample.model
    if not isinstance(model.head, DecoderHead):
        return left_out(name, question, "no text is searched for")
    block = task.recipe.decoding.model_copy(update={"num_beams": 1, "do_sample": False})
    cases = differing = 0
    deviation = 0.0
    with torch.inference_mode():
        for rows in task.evaluation_batches(sample.inputs, budget):
            inputs = task.collate(sample.inputs, rows).to(device_of(model)).inputs
            for searched, greedy in zip(search(model, inputs, block), decode(model, inputs, block), strict=True):
                cases += 1
                differing += searched[0].tokens != greedy[0].tokens
                deviation = max(deviation, distance(searched[0].log_prob, greedy[0].log_prob))
    return judge(name, question, cases=cases, differing=differing, deviation=deviation)


def check_streaming(predictor: Predictor, rows: Dataset) -> Finding:
    """What is answered while the input arrives is what is answered when it is there."""
    name, question = "streaming", "the input step by step, and at once"
    inputs = list(islice(rows[predictor.task.reader.role], STREAMED_ROWS))
    try:
        pairs = list(zip((_streamed(predictor, row) for row in inputs), predictor.predict(inputs), strict=True))
    except RunError as error:
        return left_out(name, question, str(error).removeprefix("stream: ").split(";")[0])
    deviation = max((distance(found, whole) for found, whole in pairs), default=0.0)
    if deviation == float("inf"):
        differing = sum(distance(found, whole) == deviation for found, whole in pairs)
        return judge(name, question, cases=len(pairs), differing=differing)
    return judge(name, question, cases=len(pairs), deviation=deviation)


def _streamed(predictor: Predictor, row: Any) -> Any:
    """The answer to one input that arrives step by step."""
    answers = [answer.value for answer in predictor.stream(row if isinstance(row, list) else [row])]
    return answers if predictor.task.name in ("tagging", "frame_tagging") else answers[-1]
