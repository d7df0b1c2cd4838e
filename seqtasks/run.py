"""Recipe to run directory: the whole pipeline, from rows to a report.

Under `accelerate launch` or `torchrun` every process runs it: the main one writes and prints, all of them train.
"""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from accelerate.utils import set_seed
from datasets import Dataset
from rich.console import Console
from torch import nn

from seqtasks.data.source import Card
from seqtasks.data.statistics import compare_keys, describe_split
from seqtasks.data.streaming import CHUNK
from seqtasks.errors import RecipeError
from seqtasks.files import write_json, write_text
from seqtasks.lock import locked
from seqtasks.metrics.score import Score
from seqtasks.recipe import Recipe
from seqtasks.report import write_report
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.build import build_model
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain
from seqtasks.tasks.inference import predict, validate
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.rows import load_rows
from seqtasks.training.checkpoint import Checkpoints, model_tensors, save_weights
from seqtasks.training.log import RunLog
from seqtasks.training.loop import Trainer
from seqtasks.training.processes import processes
from seqtasks.training.reporter import Reporter
from seqtasks.training.source import Source
from seqtasks.training.tracking import require_tracker, start_tracking
from seqtasks.warm_start import warm_start

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
) -> dict[str, Any] | None:
    """Train, score and report.

    Args:
        recipe: what to run.
        output: the run directory to write.
        command: how to repeat the run, for the report.
        resume: go on with an interrupted run of the same recipe.
        overwrite: replace an earlier run.
        reporter: what the user sees; None: a new one on standard error.

    Returns:
        What `scores.json` holds; None on all processes but the main one.

    Raises:
        SeqtasksError: recipe, data or directory do not allow it; nothing half-written is left.
        TrainingInterruptedError: Ctrl-C; the directory can be resumed.
    """
    if not processes().is_main_process:
        return _run(recipe, output, command, Reporter(Console(quiet=True)), resume=resume, overwrite=overwrite)
    RunDirectory.check_free(output, recipe, resume=resume, overwrite=overwrite)
    with locked(output):
        return _run(recipe, output, command, reporter or Reporter(), resume=resume, overwrite=overwrite)


def _run(
    recipe: Recipe, output: Path, command: str, reporter: Reporter, *, resume: bool, overwrite: bool
) -> dict[str, Any] | None:
    """`run` on one of the processes."""
    state = processes()
    main = state.is_main_process
    set_seed(recipe.train.seed)
    if recipe.train.track is not None:
        require_tracker(recipe.train.track)
    reporter.stage("Loading the data")
    with state.main_process_first():  # the others read the task that it has written
        kind = task_class(recipe)
        rows, card = load_rows(kind, recipe)
        # A task is fitted once: fitting again need not give the same vocabulary. `data.json` is written behind it.
        fitted = not main or (resume and all((output / name).exists() for name in ("recipe.yaml", "data.json")))
        task = kind.load(recipe, output) if fitted else kind.fit(recipe, rows["train"])
        examples = {name: task.encode(split, training=name == "train") for name, split in rows.items()}
        model = build_model(task)
        if recipe.train.init_from is not None:
            reporter.detail(warm_start(model, task, Path(recipe.train.init_from)))
        trainer = make_trainer(task, model, rows, examples, directory=RunDirectory(output), reporter=reporter)
        if not fitted:
            # Only now, so that a mistake in the data leaves nothing behind and an earlier run untouched.
            RunDirectory.create(output, recipe, command=command, resume=resume, overwrite=overwrite)
            task.save(output)
            write_json(output / "data.json", describe_data(task, model, rows, examples, card=card))
        if main:
            RunDirectory(output).seal(finished=False)
            if recipe.train.track is not None:
                trainer.log.tracker = start_tracking(recipe.train.track, output, recipe.model_dump())
    sizes = ", ".join(f"{len(split):,} {'training' if name == 'train' else name}" for name, split in rows.items())
    reporter.detail(f"{sizes} rows; {count_parameters(model):,} parameters")
    reporter.stage("Training")
    trainer.fit(resume=resume)
    state.wait_for_everyone()
    if not main:
        return None
    save_weights(output / "model.safetensors", model_tensors(model))
    reporter.stage("Scoring the test rows")
    scores = write_scores(task, model, rows, output)
    RunDirectory(output).seal(finished=True)
    write_report(output)
    return scores


def make_trainer(
    task: Task,
    model: SequenceModel,
    rows: Mapping[str, Dataset],
    examples: Mapping[str, Examples],
    *,
    directory: RunDirectory,
    reporter: Reporter,
    batches: Callable[[int], list[Rows]] | None = None,
) -> Trainer:
    """The training loop of a task: batches by token budget (or as given), validation by the task's own scores.

    Raises:
        RecipeError: the machine or the data do not allow the recipe's settings; nothing has been written.
    """
    block = task.recipe.train
    metric = block.metric_for_best_model or task.primary
    # Every task has its main score; whether it has another is found by scoring, which may take long.
    if metric != task.primary and metric not in (names := _score_names(task, rows["validation"])):
        raise RecipeError(
            f'train.metric_for_best_model: "{metric}" is not a score of this task; expected one of {", ".join(names)}'
        )
    budget = block.tokens_per_batch
    train, validation = examples["train"], examples["validation"]

    def evaluate() -> list[Score]:
        return validate(task, model, rows["validation"], validation, tokens_per_batch=4 * budget)

    source = Source(
        batches or (lambda epoch: task.training_batches(train, epoch)),
        lambda batch: task.collate(train, batch),
        lambda batch: len(batch) * int(train.lengths[batch].max()),
    )
    return Trainer(
        model,
        source,
        evaluate=evaluate,
        metric=metric,
        block=block,
        checkpoints=Checkpoints(directory.path / "checkpoints"),
        log=RunLog(directory.path / "log.jsonl"),
        reporter=reporter,
    )


def write_scores(task: Task, model: SequenceModel, rows: Mapping[str, Dataset], path: Path) -> dict[str, Any]:
    """Answer test and validation rows, score them beside the baselines, and write what the report reads.

    Args:
        task: fitted.
        model: trained.
        rows: of the splits; without training rows there are no baselines, and no counts of words.
        path: of the run directory.

    Returns:
        What `scores.json` holds.
    """
    scored = score_rows(task, model, rows)
    answers, scores = scored.answers, scored.scores
    write_text(path / "predictions.jsonl", _json_lines(task.records(rows["test"], answers)))
    shown = rows["test"].select(range(min(ATTENTION_MAPS, len(rows["test"]))))
    if maps := task.attention(model, shown, answers[: len(shown)]):
        write_json(path / "attention.json", maps)
    if "train" in rows and (counts := task.word_counts(rows["train"], rows["test"], answers)) is not None:
        write_json(path / "frequencies.json", counts)
    if scored.error_quantiles is not None:
        write_json(path / "intervals.json", scored.error_quantiles)
    write_json(path / "scores.json", scores)
    return scores


@dataclass(frozen=True)
class Scored:
    """What scoring has found.

    Attributes:
        answers: to the test rows.
        scores: what `scores.json` holds.
        error_quantiles: what `intervals.json` holds, where there are validation rows and answers are numbers.
    """

    answers: list[Prediction]
    scores: dict[str, Any]
    error_quantiles: dict[str, Any] | None


def score_rows(task: Task, model: SequenceModel, rows: Mapping[str, Dataset]) -> Scored:
    """Answer and score; see `write_scores`."""
    budget = 4 * task.recipe.train.tokens_per_batch
    test = rows["test"]
    answers = predict(task, model, task.encode(test), tokens_per_batch=budget, details=True)
    scores: dict[str, Any] = {
        "primary": task.primary,
        "test": {"scores": _dicts(task.score(test, answers))},
    }
    quantiles = None
    if "train" in rows:
        baselines = task.baselines(rows["train"], test)
        scores["test"]["baselines"] = {name: _dicts(task.score(test, answer)) for name, answer in baselines.items()}
    if "validation" in rows:
        validation = predict(task, model, task.encode(rows["validation"]), tokens_per_batch=budget)
        scores["validation"] = {"scores": _dicts(task.score(rows["validation"], validation))}
        quantiles = task.error_quantiles(rows["validation"], validation)
    return Scored(answers, scores, quantiles)


def describe_data(
    task: Task, model: nn.Module, rows: Mapping[str, Dataset], examples: Mapping[str, Examples], *, card: Card
) -> dict[str, Any]:
    """What `data.json` holds: the data card, each split, and rows that stand in two splits."""
    described, labels = {}, {}
    keys = {name: list(_keys(task, split)) for name, split in rows.items() if name != "train"}
    empty = {name: sum(not key for key in found) for name, found in keys.items()}
    duplicates: dict[str, int] = {}
    if "train" in rows:
        empty["train"], duplicates = compare_keys(_keys(task, rows["train"]), keys)
    for name, split in rows.items():
        encoded = examples[name]
        lengths = encoded.lengths.reshape(len(encoded), -1)[:, 0]
        described[name] = describe_split(lengths, unknown=encoded.unknown, cut=encoded.cut, empty=empty[name])
        labels[name] = task.label_counts(split)
    return {
        "dataset": {"path": task.recipe.dataset.path, "name": task.recipe.dataset.name, **asdict(card)},
        "splits": described,
        "duplicates": duplicates,
        "labels": None if None in labels.values() else labels,
        "vocabulary_size": task.vocabulary_size,
        "parameters": count_parameters(model),
    }


def _keys(task: Task, rows: Dataset) -> Iterator[Hashable]:
    for start in range(0, len(rows), CHUNK):
        yield from task.keys(rows.select(range(start, min(start + CHUNK, len(rows)))))


def count_parameters(model: nn.Module) -> int:
    """Trainable numbers of a model, shared ones counted once."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def _score_names(task: Task, rows: Dataset) -> list[str]:
    """Which scores training sees of these rows, found by scoring right answers."""
    scores = task.score(rows, plain(task.references(rows)), intervals=False)
    return list(dict.fromkeys(["loss", *(score.name for score in scores)]))


def _dicts(scores: Sequence[Score]) -> list[dict[str, Any]]:
    return [score.to_dict() for score in scores]


def _json_lines(records: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
