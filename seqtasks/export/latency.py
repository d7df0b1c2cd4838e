"""How long both take to answer, on the CPU with the same number of threads."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import Any

import torch

from seqtasks.backbone import Batch
from seqtasks.predictor import Predictor
from seqtasks.runtime import ExportedModel

THREADS = 1
"""Of either: a step of a small network is too little work to be shared."""

BATCH_SIZES = {1: 31, 64: 5}
"""Inputs that are answered at a time, and how often."""


@contextmanager
def single_threaded() -> Iterator[None]:
    """Let torch use `THREADS`, and afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def latencies(predictor: Predictor, exported: ExportedModel, inputs: Sequence[Any]) -> list[dict[str, Any]]:
    """Median milliseconds of both, taken in turns, so that what else the machine does burdens both alike.

    Args:
        predictor: of the run, on the CPU.
        exported: the same model, loaded with `THREADS`.
        inputs: to be answered; repeated if they are few.

    Returns:
        For each batch size `inputs to answers`, and for models of one network `network alone`.
    """
    found = []
    for size, repeats in BATCH_SIZES.items():
        given = cycle(inputs)
        batches = [[next(given) for _ in range(size)] for _ in range(repeats + 1)]
        measured = {"inputs to answers": (predictor.predict, exported.predict)}
        times = {what: _medians(*both, batches) for what, both in measured.items()}
        if "model" in exported.networks:
            times["network alone"] = _network_alone(predictor, exported, batches)
        found += [
            {"batch_size": size, "what": what, "torch_ms": round(ours, 3), "onnx_ms": round(theirs, 3)}
            for what, (ours, theirs) in times.items()
        ]
    return found


@torch.inference_mode()
def _network_alone(predictor: Predictor, exported: ExportedModel, batches: Sequence[Any]) -> tuple[float, float]:
    """From arrays to logits."""
    task, prepared = predictor.task, []
    for inputs in batches:
        examples, encoded = task.encode_inputs(inputs), exported.read(inputs)
        (rows, *_) = task.evaluation_batches(examples, 10**9)
        prepared.append((Batch(task.collate(examples, rows).inputs), encoded.feed(rows)))
    network = exported.networks["model"]
    return _medians(lambda pair: predictor.model(pair[0]), lambda pair: network(pair[1]), prepared)


def _medians(ours: Callable[[Any], Any], theirs: Callable[[Any], Any], batches: Sequence[Any]) -> tuple[float, float]:
    """Milliseconds a batch; the first one warms both up."""
    times: tuple[list[float], list[float]] = ([], [])
    for batch in batches:
        for answer, spent in zip((ours, theirs), times, strict=True):
            began = perf_counter()
            answer(batch)
            spent.append(1000 * (perf_counter() - began))
    our_times, their_times = times
    return median(our_times[1:]), median(their_times[1:])
