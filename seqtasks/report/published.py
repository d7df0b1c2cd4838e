"""Figures that others have published for the benchmark that a run belongs to, and under which protocol they hold.

`published.yaml` lists the benchmarks. A run belongs to one if task, data set, test split and what else its protocol
names are the same in its recipe; a figure compares with the run's own score only where both keep to one protocol.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from seqtasks.metrics.score import Score
from seqtasks.recipe import Recipe
from seqtasks.report.headline import format_number
from seqtasks.report.run_files import Run

DEFAULTS: dict[str, Any] = {"dataset.name": None, "dataset.split.test": "test", "train.init_from": None}
"""What a recipe must say where a benchmark does not."""


class Figure(BaseModel):
    """A published figure; if `same` is false, `note` says in what its protocol differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figure: float
    who: str
    same: bool
    note: str = ""


class Benchmark(BaseModel):
    """An entry of `published.yaml`; `where` holds values of recipe fields by their dotted names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str
    protocol: str
    score: str
    where: list[dict[str, Any]]
    published: list[Figure]
    remark: str = ""


@dataclass(frozen=True)
class PublishedFigure:
    """A figure in the unit of the run's score; `difference` is empty if both are comparable, else why not."""

    value: str
    who: str
    difference: str


@dataclass(frozen=True)
class Published:
    """What is known of the benchmark of a run.

    Attributes:
        data, protocol: in words.
        score: of the run, that the figures stand beside.
        figures: those of others.
    """

    data: str
    protocol: str
    score: Score
    figures: list[PublishedFigure]


def published(run: Run) -> Published | None:
    """The figures for the benchmark of a run; None if it belongs to none, or none has been published."""
    for benchmark in benchmarks().values():
        for where in benchmark.where:
            score = next((score for score in run.scores.test.scores if score.name == benchmark.score), None)
            if score is None or not benchmark.published or not _holds(where, run.recipe):
                continue
            figures = [
                PublishedFigure(
                    format_number(each.figure / (100 if score.unit == "0-1" else 1), score.unit),
                    each.who,
                    "" if each.same else each.note,
                )
                for each in benchmark.published
            ]
            return Published(benchmark.data, benchmark.protocol, score, figures)
    return None


@cache
def benchmarks() -> dict[str, Benchmark]:
    """The benchmarks by the name of their recipe, with the protocol behind it where a recipe has several."""
    text = files("seqtasks.report").joinpath("published.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Benchmark]).validate_python(yaml.safe_load(text))


def _holds(where: dict[str, Any], recipe: Recipe) -> bool:
    return all(_field(recipe, name) == value for name, value in (DEFAULTS | where).items())


def _field(recipe: Recipe, name: str) -> Any:
    value: Any = recipe
    for part in name.split("."):
        value = getattr(value, part, None)
    return value
