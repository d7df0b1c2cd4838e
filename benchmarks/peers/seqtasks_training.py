"""seqtasks: `seqtasks run`, timed at the lines of its log; or the bare step on the very same batches.

The bare step is the model's forward and backward pass and the optimizer on batches that were cut before, in a loop of
five lines: what the training loop adds to it is overhead. Beside it stands the machine's limit, see `limit.py`.
"""

import runpy
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import torch
from clock import Clock, Stamp, read_spec, report, training_details
from limit import products_per_second, training_flops

from seqtasks.backbone import Batch
from seqtasks.recipe import load_recipe
from seqtasks.run import count_parameters
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.examples import Examples
from seqtasks.tasks.rows import load_rows
from seqtasks.training.log import RunLog

PACKAGES = ("seqtasks", "torch")


def main() -> None:
    """Run what the specification asks for."""
    spec = read_spec()
    overrides = [*spec["overrides"], f"train.seed={spec['seed']}"]
    recipe = load_recipe(Path(spec["recipe"]), overrides)
    kind = task_class(recipe)
    rows, _ = load_rows(kind, recipe)
    task = kind.fit(recipe, rows["train"])
    train = task.encode(rows["train"], training=True)
    budget = _choose_budget(task, train, spec["batch_size"])
    batches = list(_batches(task, train, spec["steps"]))
    if spec["bare"]:
        _bare_step(task.build(), batches, spec)
    else:
        _whole_run(batches, spec, [*overrides, f"train.tokens_per_batch={budget}"], count_parameters(task.build()))


def _whole_run(batches: list[Batch], spec: dict[str, Any], overrides: list[str], parameters: int) -> None:
    """`seqtasks run` in this process, until the log has the line of the last step."""
    steps, warmup = spec["steps"], spec["warmup"]
    timed = batches[warmup:]
    stamps: dict[int, Stamp] = {}
    write = RunLog.write

    def write_and_stamp(log: RunLog, event: str, **values: Any) -> None:
        write(log, event, **values)
        if event == "train":
            stamps[values["step"]] = Stamp()
        if steps in stamps:
            units, sentences = sum(map(_units, timed)), sum(map(_sentences, timed))
            details = training_details(units=units, sentences=sentences, steps=len(timed), parameters=parameters)
            report(stamps[warmup], stamps[steps], units=units, packages=PACKAGES, details=details)
            sys.exit(0)

    RunLog.write = write_and_stamp
    settings = {"max_steps": steps, "eval_steps": 2 * steps, "logging_steps": warmup}
    overrides += [f"train.{name}={value}" for name, value in settings.items()]
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = ["seqtasks", "run", spec["recipe"], *overrides, "--output", f"{folder}/run"]
        runpy.run_module("seqtasks", run_name="__main__")


def _bare_step(model: torch.nn.Module, batches: list[Batch], spec: dict[str, Any]) -> None:
    """Forward, backward, optimizer; nothing else."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=PACKAGES)
    clock.parameters = count_parameters(model)
    timed = batches[spec["warmup"] :]
    speed = products_per_second()
    clock.limit = sum(map(_units, timed)) / (sum(training_flops(model, batch) for batch in timed) / speed)
    model.train()
    for batch in batches:
        (model(batch).loss_sum / batch.num_targets).backward()
        optimizer.step()
        optimizer.zero_grad()
        clock.tick(units=_units(batch), sentences=_sentences(batch))


def _choose_budget(task: Task, train: Examples, batch_size: int) -> int:
    """Set and return the largest token budget whose batches have so many sentences on average, or fewer."""

    def is_within(budget: int) -> bool:
        block = task.recipe.train.model_copy(update={"tokens_per_batch": budget})
        task.recipe = task.recipe.model_copy(update={"train": block})
        return len(train) / len(task.training_batches(train, 0)) <= batch_size

    low, high = 1, 1000 * batch_size
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_within(middle) else (low, middle)
    is_within(low)
    return low


def _batches(task: Task, train: Examples, steps: int) -> Iterator[Batch]:
    """Those that the training loop takes in its first steps."""
    endless = (rows for epoch in count() for rows in task.training_batches(train, epoch))
    return (task.collate(train, rows) for rows in islice(endless, steps))


def _units(batch: Batch) -> int:
    """Targets; of a batch of texts with one label each, words."""
    one_label = batch.targets is None or batch.targets.ndim == 1
    return int(batch.inputs.lengths.sum()) if one_label else batch.num_targets


def _sentences(batch: Batch) -> int:
    return len(batch.inputs.lengths)


if __name__ == "__main__":
    main()
