"""Reads and checks the files of a run directory: where the report starts.

Only files are read here, never a model. A missing or damaged file, and a directory of another format
version, is a `RunError` that names the file and the place in it.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from seqtasks.checksums import check_checksums
from seqtasks.data.attributes import parse
from seqtasks.errors import DataError, RecipeError, RunError
from seqtasks.recipe import Recipe, load_recipe
from seqtasks.report.predictions import PREDICTION_TYPES, AttentionMap, Prediction, TextPrediction
from seqtasks.report.records import (
    Data,
    EndEvent,
    Environment,
    EvalEvent,
    Event,
    Finding,
    Intervals,
    Log,
    Scores,
    TrainEvent,
)
from seqtasks.run_directory import FORMAT_VERSION

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Run:
    """A whole run directory.

    `log`, `attention` and `findings` are empty where their files are absent; `frequencies`, how often words of test
    rows and answers stand in the training rows, and `intervals` around forecasts are None.
    """

    name: str
    recipe: Recipe
    environment: Environment
    data: Data
    scores: Scores
    log: Log
    predictions: list[Prediction]
    attention: list[AttentionMap]
    findings: list[Finding]
    frequencies: dict[str, int] | None
    intervals: Intervals | None

    @property
    def task(self) -> str:
        """The name of the recipe's task."""
        return self.recipe.task


def read_run(run_dir: Path) -> Run:
    """Read a run directory.

    Args:
        run_dir: the directory that `seqtasks run` wrote.

    Raises:
        RunError: a file is missing or damaged, or the directory has another format version.
    """
    if not run_dir.is_dir():
        raise RunError(f"{run_dir}: no such directory; expected a run directory; make one with `seqtasks run RECIPE`")
    environment = read_environment(run_dir)
    check_checksums(run_dir)
    recipe = read_recipe(run_dir)
    names = ("attention.json", "verify.json", "frequencies.json", "intervals.json")
    attention, findings, frequencies, intervals = (run_dir / name for name in names)
    return Run(
        name=run_dir.resolve().name,
        recipe=recipe,
        environment=environment,
        data=_parse_file(TypeAdapter(Data), run_dir / "data.json"),
        scores=read_scores(run_dir),
        log=read_log(run_dir) if (run_dir / "log.jsonl").exists() else Log(),
        predictions=_read_predictions(run_dir / "predictions.jsonl", recipe.task),
        attention=_parse_file(TypeAdapter(list[AttentionMap]), attention) if attention.exists() else [],
        findings=_parse_file(TypeAdapter(list[Finding]), findings) if findings.exists() else [],
        frequencies=_parse_file(TypeAdapter(dict[str, int]), frequencies) if frequencies.exists() else None,
        intervals=_parse_file(TypeAdapter(Intervals), intervals) if intervals.exists() else None,
    )


def scored_rows(run: Run) -> list[Prediction]:
    """The rows that are scored: all, but for descriptions one for each set of attributes, with the texts of all."""
    if run.task != "description":
        return run.predictions
    merged: dict[Hashable, TextPrediction] = {}
    for row in run.predictions:
        if isinstance(row, TextPrediction):
            key = _attributes(row.input)
            first = merged.get(key)
            texts = [*first.reference, *row.reference] if first else row.reference
            merged[key] = (first or row).model_copy(update={"reference": texts})
    return list(merged.values())


def _attributes(text: str) -> Hashable:
    try:
        return frozenset(parse(text))
    except DataError:  # whatever it is, it equals itself
        return text


def read_recipe(run_dir: Path) -> Recipe:
    """Read `recipe.yaml`."""
    try:
        return load_recipe(run_dir / "recipe.yaml")
    except RecipeError as error:
        raise RunError(f"{error}\nexpected the recipe of a run of this version; run the recipe again") from None


def read_environment(run_dir: Path) -> Environment:
    """Read `environment.json`, which says whether this version can read the rest."""
    path = run_dir / "environment.json"
    version = _parse_file(TypeAdapter(dict[str, Any]), path).get("format_version")
    if version != FORMAT_VERSION:
        raise RunError(
            f"{path}: format_version is {version!r}; this version of seqtasks reads {FORMAT_VERSION}; "
            "report the run with the version of seqtasks that made it, or run its recipe again"
        )
    return _parse_file(TypeAdapter(Environment), path)


def read_scores(run_dir: Path) -> Scores:
    """Read `scores.json`."""
    return _parse_file(TypeAdapter(Scores), run_dir / "scores.json")


def read_log(run_dir: Path) -> Log:
    """Read `log.jsonl`."""
    adapter: TypeAdapter[TrainEvent | EvalEvent | EndEvent] = TypeAdapter(Event)
    events = list(_parse_lines(adapter, run_dir / "log.jsonl"))
    train = {event.step: event for event in events if isinstance(event, TrainEvent)}
    evals = {event.step: event for event in events if isinstance(event, EvalEvent)}
    ends = [event for event in events if isinstance(event, EndEvent)]
    return Log(
        train=[train[step] for step in sorted(train)],
        evals=[evals[step] for step in sorted(evals)],
        end=ends[-1] if ends else None,
    )


def _read_predictions(path: Path, task: str) -> list[Prediction]:
    adapter: TypeAdapter[Prediction] = TypeAdapter(PREDICTION_TYPES[task])
    predictions = list(_parse_lines(adapter, path))
    if not predictions:
        raise RunError(f"{path}: no rows; expected one line for each test row; run the recipe again")
    return predictions


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RunError(f"{path}: missing; expected in every finished run; finish it with `seqtasks run`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: cannot be read ({error}); expected UTF-8 text; run the recipe again") from error


def _parse_file(adapter: TypeAdapter[Parsed], path: Path) -> Parsed:
    return _parse(adapter, _text(path), where=str(path))


def _parse_lines(adapter: TypeAdapter[Parsed], path: Path) -> Iterator[Parsed]:
    # Not splitlines(): a JSON string may hold U+2028, at which splitlines would cut.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            yield _parse(adapter, line, where=f"{path}:{number}")


def _parse(adapter: TypeAdapter[Parsed], text: str, *, where: str) -> Parsed:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = f"{place}: {first['msg']}" if place else first["msg"]
        raise RunError(f"{where}: {what}; expected what `seqtasks run` wrote; run the recipe again") from error
