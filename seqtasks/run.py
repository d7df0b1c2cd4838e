"""Recipe to run directory: the whole pipeline, from rows to a report."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accelerate.utils import set_seed
from datasets import Dataset
from torch import nn

from seqtasks.data.batching import training_batches
from seqtasks.data.source import Splits, load_splits
from seqtasks.data.statistics import count_duplicates, describe_split
from seqtasks.files import write_json, write_text
from seqtasks.metrics.score import Score
from seqtasks.recipe import Recipe
from seqtasks.report import write_report
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.inference import mean_loss, predict, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Examples
from seqtasks.training.checkpoint import Checkpoints, save_weights
from seqtasks.training.log import RunLog
from seqtasks.training.loop import Source, Trainer
from seqtasks.training.reporter import Reporter

ATTENTION_MAPS = 12
"""Test rows whose attention is kept for the report."""


def run(
    recipe: Recipe,
    output: Path,
    *,
    command: str,
    resume: bool = False,
    overwrite: bool = False,
    reporter: Reporter | None = None,
) -> dict[str, Any]:
    """Train, score and report.

    Args:
        recipe: what to run.
        output: the run directory to write.
        command: how to repeat the run, for the report.
        resume: go on with an interrupted run of the same recipe.
        overwrite: replace an earlier run.
        reporter: what the user sees; None: a new one on standard error.

    Returns:
        What `scores.json` holds.

    Raises:
        SeqtasksError: recipe, data or directory do not allow it; nothing half-written is left.
        TrainingInterruptedError: Ctrl-C; the directory can be resumed.
    """
    reporter = reporter or Reporter()
    directory = RunDirectory.create(output, recipe, command=command, resume=resume, overwrite=overwrite)
    set_seed(recipe.train.seed)
    reporter.stage("Loading the data")
    splits = load_splits(recipe.dataset, columns=recipe.dataset.columns.model_dump(), seed=recipe.train.seed)
    task = task_class(recipe).fit(recipe, splits.train)
    task.save(directory.path)
    train, validation = task.encode(splits.train, training=True), task.encode(splits.validation)
    model = task.build()
    write_json(directory.path / "data.json", describe_data(task, splits, train, model))
    reporter.detail(
        f"{len(splits.train):,} training, {len(splits.validation):,} validation, {len(splits.test):,} test rows; "
        f"{count_parameters(model):,} parameters"
    )
    reporter.stage("Training")
    make_trainer(task, model, train, validation, splits, directory=directory, reporter=reporter).fit(resume=resume)
    save_weights(directory.path / "model.safetensors", model.state_dict())
    reporter.stage("Scoring the test rows")
    scores = write_scores(task, model, splits, directory.path)
    write_report(directory.path)
    return scores


def make_trainer(
    task: Task,
    model: SequenceModel,
    train: Examples,
    validation: Examples,
    splits: Splits,
    *,
    directory: RunDirectory,
    reporter: Reporter,
) -> Trainer:
    """The training loop of a task: batches by token budget, validation by the task's own scores."""
    block = task.recipe.train
    budget = block.tokens_per_batch

    def batches(epoch: int) -> list[Any]:
        return training_batches(train.lengths, tokens_per_batch=budget, seed=block.seed, epoch=epoch)

    def evaluate() -> list[Score]:
        answers = values(predict(task, model, validation, tokens_per_batch=4 * budget, greedy=True))
        loss = mean_loss(task, model, validation, tokens_per_batch=4 * budget)
        return [loss, *task.score(splits.validation, answers, intervals=False)]

    return Trainer(
        model,
        Source(batches, lambda rows: task.collate(train, rows)),
        evaluate=evaluate,
        metric=block.metric_for_best_model or task.primary,
        block=block,
        checkpoints=Checkpoints(directory.path / "checkpoints"),
        log=RunLog(directory.path / "log.jsonl"),
        reporter=reporter,
    )


def write_scores(task: Task, model: SequenceModel, splits: Splits, path: Path) -> dict[str, Any]:
    """Answer validation and test rows, score them beside the baselines, and write what the report reads."""
    budget = 4 * task.recipe.train.tokens_per_batch

    def answers(rows: Dataset) -> list[Any]:
        return predict(task, model, task.encode(rows), tokens_per_batch=budget)

    test = answers(splits.test)
    write_text(path / "predictions.jsonl", _json_lines(task.records(splits.test, test)))
    shown = splits.test.select(range(min(ATTENTION_MAPS, len(splits.test))))
    if maps := task.attention(model, shown, values(test)[: len(shown)]):
        write_json(path / "attention.json", maps)
    baselines = task.baselines(splits.train, splits.test)
    scores = {
        "primary": task.primary,
        "validation": {"scores": _dicts(task.score(splits.validation, values(answers(splits.validation))))},
        "test": {
            "scores": _dicts(task.score(splits.test, values(test))),
            "baselines": {name: _dicts(task.score(splits.test, answer)) for name, answer in baselines.items()},
        },
    }
    write_json(path / "scores.json", scores)
    return scores


def describe_data(task: Task, splits: Splits, train: Examples, model: nn.Module) -> dict[str, Any]:
    """What `data.json` holds: the data card, each split, and rows that stand in two splits."""
    described, keys, labels = {}, {}, {}
    for name in ("train", "validation", "test"):
        rows: Dataset = getattr(splits, name)
        examples = train if name == "train" else task.encode(rows)
        keys[name] = task.keys(rows)
        lengths = examples.lengths.reshape(len(examples), -1)[:, 0]
        empty = sum(not key for key in keys[name])
        described[name] = describe_split(lengths, unknown=examples.unknown, cut=examples.cut, empty=empty)
        labels[name] = task.label_counts(rows)
    return {
        "dataset": {"path": task.recipe.dataset.path, "name": task.recipe.dataset.name, **asdict(splits.card)},
        "splits": described,
        "duplicates": {name: count_duplicates(keys["train"], keys[name]) for name in ("validation", "test")},
        "labels": None if labels["train"] is None else labels,
        "vocabulary_size": task.vocabulary_size,
        "parameters": count_parameters(model),
    }


def count_parameters(model: nn.Module) -> int:
    """Trainable numbers of a model, shared ones counted once."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def _dicts(scores: Sequence[Score]) -> list[dict[str, Any]]:
    return [score.to_dict() for score in scores]


def _json_lines(records: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
