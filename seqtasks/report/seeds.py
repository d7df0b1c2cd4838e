"""Several seeds of one recipe: how much of a score is chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_number, score_heading
from seqtasks.report.records import Scores


@dataclass(frozen=True)
class SeedScores:
    """A test score over seeds.

    Attributes:
        score: that of the first seed, with name, unit and signature.
        values: one for each seed, two at least.
    """

    score: Score
    values: list[float]

    @property
    def mean(self) -> float:
        """Of all seeds."""
        return mean(self.values)

    @property
    def sd(self) -> float:
        """Standard deviation, with n - 1."""
        return stdev(self.values)

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {"name": self.score.name, "mean": self.mean, "sd": self.sd, "values": self.values}


def over_seeds(scores: Sequence[Mapping[str, Any]]) -> list[SeedScores]:
    """Each test score over the runs of several seeds, in the order of the files.

    Args:
        scores: the content of each run's `scores.json`, two at least.
    """
    runs = [TypeAdapter(Scores).validate_python(each).test.scores for each in scores]
    values = [{score.name: score.value for score in run} for run in runs]
    return [SeedScores(score, [run[score.name] for run in values]) for score in runs[0]]


def print_seeds(scores: Sequence[SeedScores], console: Console) -> None:
    """Print a table: mean, standard deviation and what each seed reached."""
    table = Table(title="test scores over seeds", title_justify="left", title_style="bold")
    table.add_column("score")
    for column in ("mean", "± sd", "each seed"):
        table.add_column(column, justify="right")
    for each in scores:
        cells = [format_number(value, each.score.unit) for value in (each.mean, each.sd, *each.values)]
        table.add_row(Text(score_heading(each.score)), cells[0], cells[1], "  ".join(cells[2:]))
    console.print(table)
