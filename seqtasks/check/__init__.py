"""A run in small: everything that `seqtasks run` does, on a few rows, the longest batch first.

It goes through the functions of the run itself, so what passes here does not fail there, and writes into a temporary
directory only.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import set_seed
from datasets import Dataset
from rich.console import Console

from seqtasks.backbone import Batch
from seqtasks.check.estimate import describe_memory, describe_time, peak_memory
from seqtasks.check.sample import spread, with_longest
from seqtasks.errors import RunError
from seqtasks.files import write_json
from seqtasks.predictor import Predictor, load
from seqtasks.recipe import Recipe
from seqtasks.report import write_report
from seqtasks.run import count_parameters, describe_data, make_trainer, write_scores
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.build import build_model
from seqtasks.tasks.examples import Examples
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.rows import load_rows
from seqtasks.training.checkpoint import model_tensors, save_weights
from seqtasks.training.processes import processes
from seqtasks.training.reporter import Reporter
from seqtasks.warm_start import warm_start

__all__ = ["Stage", "check"]

FITTED_ROWS = 20_000
"""Training rows that vocabulary and labels are fitted on, at most."""

TRAINED_ROWS = 1_000
"""Training rows that the batches are cut from, at most; the longest ones of all are added."""

SCORED_ROWS = 32
"""Validation and test rows, at most."""

TIMED_STEPS = 6


@dataclass(frozen=True)
class Stage:
    """A part of a run that has worked.

    Attributes:
        name: of the stage.
        details: what was seen, a line each.
    """

    name: str
    details: tuple[str, ...]


def check(recipe: Recipe) -> Iterator[Stage]:
    """Go through a run, stage by stage; each one is yielded when it has worked.

    Raises:
        SeqtasksError: a stage has not.
    """
    if processes().num_processes > 1:
        raise RunError("check: several processes were started; expected one; run it without a launcher")
    set_seed(recipe.train.seed)
    whole, card = load_rows(task_class(recipe), recipe)
    sizes = ", ".join(f"{name} {len(split):,}" for name, split in whole.items())
    yield Stage("data", (f"rows: {sizes}", f"columns: {', '.join(whole['train'].column_names)}"))

    rows = {name: spread(split, SCORED_ROWS) for name, split in whole.items()}
    rows["train"] = with_longest(whole["train"], TRAINED_ROWS)
    task = task_class(recipe).fit(_shortened(recipe), spread(whole["train"], FITTED_ROWS))
    examples = {name: task.encode(split, training=name == "train") for name, split in rows.items()}
    yield Stage("vocabulary", tuple(_vocabulary(task, rows["train"])))

    model = build_model(task)
    started = (warm_start(model, task, Path(recipe.train.init_from)),) if recipe.train.init_from else ()
    yield Stage("model", (f"{count_parameters(model):,} parameters: {_parts(model)}", *started))

    with tempfile.TemporaryDirectory(prefix="seqtasks-check-") as folder:
        directory = RunDirectory.create(Path(folder) / "run", recipe, command="", resume=False, overwrite=False)
        task.save(directory.path)
        described = describe_data(task, model, rows, examples, card=card)
        write_json(directory.path / "data.json", described)
        yield from _train(task, model, rows, examples, directory=directory, train_rows=len(whole["train"]))
        yield _score(task, model, rows, directory.path)
        yield _reload(task, model, rows["test"], directory.path)


def _shortened(recipe: Recipe) -> Recipe:
    """The recipe with a training of a few steps, each of which is logged."""
    changes = {
        "max_steps": 1 + TIMED_STEPS,
        "eval_steps": None,
        "logging_steps": 1,
        "gradient_accumulation_steps": 1,
        "early_stopping_patience": None,
    }
    return recipe.model_copy(update={"train": recipe.train.model_copy(update=changes)})


def _vocabulary(task: Task, rows: Dataset) -> Iterator[str]:
    allowed = getattr(getattr(task.recipe, "tokenizer", None), "vocab_size", None)
    if task.vocabulary_size is None:
        yield "none: nothing is read or written that has ids"
    else:
        yield f"{task.vocabulary_size:,} ids" + (f"; tokenizer.vocab_size allows {allowed:,}" if allowed else "")
    labels = task.label_counts(rows)
    if labels is not None:
        yield f"{len(labels)} labels: {', '.join(list(labels)[:8])}{', …' if len(labels) > 8 else ''}"


def _parts(model: SequenceModel) -> str:
    """How many parameters stand where; shared ones count where they stand first."""
    counts: Counter[str] = Counter()
    for name, parameter in model.named_parameters():
        counts[name.split(".")[0]] += parameter.numel()
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _train(
    task: Task,
    model: SequenceModel,
    rows: Mapping[str, Dataset],
    examples: Mapping[str, Examples],
    *,
    directory: RunDirectory,
    train_rows: int,
) -> Iterator[Stage]:
    """A step on the longest batch, some on ordinary ones with a watch, and one validation."""
    train, block = examples["train"], directory.recipe.train
    ordinary = task.training_batches(train, 0)
    longest = max(ordinary, key=lambda batch: len(batch) * int(train.lengths[batch].max()))
    timed = list(islice(cycle(ordinary), TIMED_STEPS))
    before = peak_memory()
    trainer = make_trainer(
        task,
        model,
        rows,
        examples,
        directory=directory,
        reporter=Reporter(Console(quiet=True)),
        batches=lambda epoch: [longest, *timed],
    )
    trainer.fit()
    growth = peak_memory() - before
    events = [json.loads(line) for line in (directory.path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    seconds = [event["seconds"] for event in events if event["event"] == "train"]
    scores = next(event["scores"] for event in events if event["event"] == "eval")
    total = train_rows * len(train) / len(rows["train"])
    longest_shapes = f"longest batch: {_shapes(task.collate(train, longest))}"
    yield Stage("training", (longest_shapes, *describe_memory(model, block, growth)))
    yield Stage("time", describe_time(block, timed, seconds[-1] - seconds[0], total))
    yield Stage("validation", ("  ".join(f"{name} {value:.4g}" for name, value in scores.items()),))


def _shapes(batch: Batch) -> str:
    inputs = next(value for value in vars(batch.inputs).values() if isinstance(value, torch.Tensor))
    shapes = {"inputs": inputs, "targets": batch.targets}
    return ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in shapes.items() if tensor is not None)


def _score(task: Task, model: SequenceModel, rows: Mapping[str, Dataset], path: Path) -> Stage:
    """Answers, every score, the baselines and the report."""
    scores = write_scores(task, model, rows, path)["test"]
    write_report(path)
    names = ", ".join(score["name"] for score in scores["scores"])
    return Stage("report", (f"scores: {names}", f"baselines: {', '.join(scores['baselines'])}"))


def _reload(task: Task, model: SequenceModel, rows: Dataset, path: Path) -> Stage:
    """Save, load, and compare the answers.

    Raises:
        RunError: they differ.
    """
    save_weights(path / "model.safetensors", model_tensors(model))
    role = task.reader.role
    before = _answers(Predictor(task, model), rows[role])
    if _answers(load(path), rows[role]) != before:
        raise RunError(
            f"{path}: the loaded model answers otherwise than the saved one; expected equal answers; "
            "this is a fault of seqtasks: please report it with the recipe"
        )
    return Stage("reload", (f"saved, loaded again, {len(before)} equal answers",))


def _answers(predictor: Predictor, inputs: list[Any]) -> list[Any]:
    torch.manual_seed(0)  # decoding may draw
    return predictor.predict(inputs)
