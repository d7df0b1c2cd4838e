"""What does not fit into memory is split without a trace in loss or gradient; what is no number is never learned."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from test_training import FEATURES, LABELS, _assert_same, _toy_trainer, _weights

from seqtasks.backbone import Batch, Images
from seqtasks.errors import DivergedError, MemoryExceededError, RecipeError
from seqtasks.recipe.blocks import TrainBlock
from seqtasks.training import memory
from seqtasks.training.loop import Trainer


def _trainer(path, **block):
    path.mkdir()
    rows = lambda epoch: [np.arange(10), np.array([3, 1, 4])]  # noqa: E731
    return _toy_trainer(path, TrainBlock(max_steps=5, logging_steps=1, **block), batches=rows)


def _cramped(trainer: Trainer, most: int, error: Exception) -> list[int]:
    """Let memory run out at batches of more than `most` rows; the sizes of all that were tried."""
    sizes, forward = [], trainer.raw_model.forward

    def cramped(batch: Batch):
        sizes.append(len(batch.inputs.pixels))
        if sizes[-1] > most:
            raise error
        return forward(batch)

    trainer.raw_model.forward = cramped
    return sizes


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried 8 bytes"),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=["GPU", "CPU", "Python"])
@pytest.mark.parametrize("most", [1, 3, 9])
def test_a_split_batch_teaches_the_same(error, most, tmp_path):
    whole, split = _trainer(tmp_path / "whole", optimizer="sgd"), _trainer(tmp_path / "split", optimizer="sgd")
    sizes = _cramped(split, most, error)
    whole.fit()
    split.fit()
    torch.testing.assert_close(_weights(split.raw_model), _weights(whole.raw_model))
    rehearsed = next(index for index, size in enumerate(sizes) if size <= most)
    assert max(sizes[rehearsed:]) <= most  # what is too large is found before the first step
    assert split.progress.largest is not None
    assert split.progress.largest <= most * 2
    losses = [
        [
            event["loss"]
            for event in map(json.loads, (tmp_path / name / "log.jsonl").read_text().splitlines())
            if event["event"] == "train"
        ]
        for name in ("whole", "split")
    ]
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5)


def test_half_a_backward_pass_leaves_no_gradient(tmp_path):
    whole, split = _trainer(tmp_path / "whole", optimizer="sgd"), _trainer(tmp_path / "split", optimizer="sgd")
    failed = []

    def fail_once(parameter):
        if len(failed) < 1:
            failed.append(1)
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    split.raw_model.output.weight.register_post_accumulate_grad_hook(fail_once)
    whole.fit()
    split.fit()
    assert failed
    torch.testing.assert_close(_weights(split.raw_model), _weights(whole.raw_model))


def test_a_resumed_run_splits_from_the_start(tmp_path):
    whole = _trainer(tmp_path / "whole", eval_steps=2)
    _cramped(whole, 4, MemoryError())
    whole.fit()
    resumed = _trainer(tmp_path / "again", eval_steps=2)
    resumed.checkpoints = whole.checkpoints
    sizes = _cramped(resumed, 4, MemoryError())
    resumed.block = resumed.block.model_copy(update={"max_steps": 7})
    resumed.total_steps = 7
    resumed.fit(resume=True)
    assert max(sizes) <= 4


def test_other_errors_are_not_taken_for_memory(tmp_path):
    trainer = _trainer(tmp_path / "run")
    _cramped(trainer, 0, RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        trainer.fit()


def test_an_example_that_does_not_fit_alone_is_named(tmp_path):
    trainer = _trainer(tmp_path / "run")
    _cramped(trainer, 0, MemoryError())
    with pytest.raises(MemoryExceededError, match=r"batch of 1 padded tokens .* example 0 alone is too long"):
        trainer.fit()


def test_a_window_of_a_stream_is_not_split(tmp_path):
    trainer = _trainer(tmp_path / "run")
    collate = trainer.source.collate
    trainer.source = replace(trainer.source, collate=lambda rows: replace(collate(rows), window=0))
    _cramped(trainer, 2, MemoryError())
    with pytest.raises(
        MemoryExceededError, match=r"windows of a stream cannot be split; lower train\.tokens_per_batch"
    ):
        trainer.fit()


def test_the_largest_batch_runs_first_and_changes_nothing(tmp_path):
    trainer = _trainer(tmp_path / "run")
    sizes = _cramped(trainer, 99, MemoryError())
    before = _weights(trainer.raw_model)
    drawn = torch.get_rng_state()

    def stop() -> None:
        raise RecipeError("far enough")

    trainer._train_step = stop  # type: ignore[method-assign]
    with pytest.raises(RecipeError, match="far enough"):
        trainer.fit()
    assert sizes == [10]
    _assert_same(_weights(trainer.raw_model), before)
    assert torch.get_rng_state().equal(drawn)
    assert all(parameter.grad is None for parameter in trainer.raw_model.parameters())


# A limit ----------------------------------------------------------------------------------------------------------


def test_the_peak_is_that_of_what_runs():
    base = memory.peak_memory(lambda: None)
    taken = memory.peak_memory(lambda: np.ones(60_000_000, np.uint8).sum() and None)
    assert taken - base == pytest.approx(60_000_000, rel=0.2)
    assert memory.peak_memory(lambda: None) < taken - 30_000_000  # freed again


@pytest.mark.parametrize(("limit", "largest"), [(41, 1), (51, 2), (79, 2), (81, 5), (129, 5), (131, None)])
def test_the_largest_batch_within_a_limit(limit, largest, tmp_path, monkeypatch):
    """30 MB are held, and each row takes 10 more."""
    trainer = _trainer(tmp_path / "run", max_memory=limit, optimizer="sgd")
    sizes = _cramped(trainer, 99, MemoryError())

    def peak(run):
        seen = len(sizes)
        run()
        return (30 + 10 * max(sizes[seen:], default=0)) * 10**6

    monkeypatch.setattr(memory, "peak_memory", peak)
    trainer.fit()
    assert trainer.progress.largest == largest
    assert 30 + 10 * max(sizes) <= limit


def test_a_limit_that_no_example_keeps(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "peak_memory", lambda run: 50 * 10**6)
    trainer = _trainer(tmp_path / "run", max_memory=49)
    with pytest.raises(MemoryExceededError, match=r"max_memory: 49 MB, and a batch of 1 example takes 50 MB"):
        trainer.fit()


# Numbers --------------------------------------------------------------------------------------------------------


def _broken_at(bad: int):
    """A collate whose batches hold a number that is none wherever example `bad` is among them."""

    def collate(rows) -> Batch:
        features = FEATURES[rows].clone()
        features[torch.as_tensor(np.asarray(rows) == bad)] = math.nan
        return Batch(Images(features), LABELS[rows])

    return collate


def test_the_step_the_examples_and_the_checkpoint_are_named(tmp_path):
    batches = lambda epoch: [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]  # noqa: E731
    block = TrainBlock(max_steps=6, eval_steps=1, logging_steps=1)
    trainer = _toy_trainer(tmp_path, block, batches=batches, collate=_broken_at(4))
    with pytest.raises(
        DivergedError, match=r"step 3: the training loss is nan in the batch of examples 4, 5; .* checkpoint of step 2;"
    ):
        trainer.fit()
    assert all(parameter.isfinite().all() for parameter in trainer.raw_model.parameters())


def test_such_steps_can_be_left_out(tmp_path):
    batches = lambda epoch: [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]  # noqa: E731
    block = TrainBlock(max_steps=7, logging_steps=1, skip_nonfinite=True)
    trainer = _toy_trainer(tmp_path, block, batches=batches, collate=_broken_at(4))
    trainer.fit()
    assert all(parameter.isfinite().all() for parameter in trainer.raw_model.parameters())
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert events[-1]["skipped"] == 2
    assert events[-1]["step"] == 7


def test_a_gradient_that_is_no_number_counts_too(tmp_path):
    trainer = _trainer(tmp_path / "run")
    trainer.raw_model.output.weight.register_hook(lambda gradient: gradient * math.inf)
    with pytest.raises(DivergedError, match=r"the training gradient's norm is (inf|nan) in the batch"):
        trainer.fit()
