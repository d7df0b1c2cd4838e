"""A trained run, scored on its test rows again or on others: run directory and dataset settings to scores."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset

from seqtasks.data.card import read_card
from seqtasks.errors import DataError, RecipeError, RunError
from seqtasks.files import read_json, write_json
from seqtasks.lock import locked
from seqtasks.predictor import load
from seqtasks.recipe import Recipe, load_recipe
from seqtasks.report import write_report
from seqtasks.run import describe_data, score_rows, write_scores
from seqtasks.run_directory import RunDirectory
from seqtasks.share.fetch import find_run
from seqtasks.tasks import task_class
from seqtasks.tasks.rows import load_rows, load_test_rows

_CARRIED = ("model.safetensors", "log.jsonl", "intervals.json")


def evaluate(
    run: Path,
    overrides: Sequence[str] = (),
    *,
    others: Sequence[Path] = (),
    output: Path | None = None,
    command: str = "",
) -> tuple[dict[str, Any], list[str]]:
    """Score a run without changing it.

    Baselines are fitted on the training rows of the run itself, where they can still be loaded.

    Args:
        run: the run directory, or its name on the Hub.
        overrides: `dataset.key=value` each; they name other test rows.
        others: further runs that answer together with the first; see `seqtasks.load`.
        output: a run directory to write, with the same model and the new predictions, scores and report.
        command: how to repeat the evaluation, for the report.

    Returns:
        What `scores.json` holds, and notes for the user.

    Raises:
        RecipeError: an override is about something else than the data.
        SeqtasksError: run, data or output do not allow it.
    """
    for override in overrides:
        if not override.startswith("dataset."):
            raise RecipeError(f"{override}: not about the data; expected dataset.KEY=VALUE; a run keeps its model")
    if others and output is not None:
        raise RunError(
            f"--output {output}: a run directory holds one model, and {1 + len(others)} runs were given; expected no "
            "output for several; leave it out"
        )
    run = find_run(run)
    trained = RunDirectory.open(run).recipe
    recipe = load_recipe(run / "recipe.yaml", overrides)
    if output is not None:
        RunDirectory.check_free(output, recipe, resume=False, overwrite=False)
    predictor = load(run, *others)
    rows, notes = _training_rows(trained)
    rows["test"] = load_test_rows(type(predictor.task), recipe)
    if output is None:
        return score_rows(predictor.task, predictor.model, rows).scores, notes
    with locked(output):
        directory = RunDirectory.create(output, recipe, command=command, resume=False, overwrite=False)
        for name in _CARRIED:
            if (run / name).exists():
                shutil.copyfile(run / name, directory.path / name)
        predictor.task.save(directory.path)
        task = type(predictor.task).load(recipe, directory.path)
        examples = {name: task.encode(split, training=name == "train") for name, split in rows.items()}
        card = read_card(recipe.dataset)
        write_json(directory.path / "data.json", describe_data(task, predictor.model, rows, examples, card=card))
        scores = write_scores(task, predictor.model, rows, directory.path)
        if validation := read_json(run / "scores.json").get("validation"):  # the model was chosen by these
            scores["validation"] = validation
            write_json(directory.path / "scores.json", scores)
        directory.seal(finished=True)
        write_report(directory.path)
    return scores, notes


def _training_rows(recipe: Recipe) -> tuple[dict[str, Dataset], list[str]]:
    """The rows that the run was trained on, if they can be loaded, and why not."""
    try:
        rows, _ = load_rows(task_class(recipe), recipe)
    except DataError as error:
        return {}, [f"no baselines, as the training rows cannot be loaded: {error}"]
    return {"train": rows["train"]}, []
