"""The scores in the terminal, at the end of `seqtasks run`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_interval, format_number, score_heading
from seqtasks.report.records import Scores


def print_scores(scores: Mapping[str, Any], report_path: Path | None, console: Console) -> None:
    """Print the test scores with their intervals, beside the baselines.

    Args:
        scores: the content of `scores.json`.
        report_path: where `report.html` lies; None: there is none.
        console: where to print.
    """
    checked = TypeAdapter(Scores).validate_python(scores)
    table = Table(title="scores on the test split", title_justify="left", title_style="bold")
    table.add_column("score")
    table.add_column("this run", justify="right")
    table.add_column("95% interval", justify="right")
    for name in checked.test.baselines:
        table.add_column(Text(name), justify="right")
    for score in checked.test.scores:
        style = "bold green" if score.name == checked.primary else ""
        baselines = [_baseline(score, others) for others in checked.test.baselines.values()]
        value = format_number(score.value, score.unit)
        table.add_row(Text(score_heading(score), style), Text(value, style), Text(format_interval(score)), *baselines)
    if not all(score.higher_is_better for score in checked.test.scores):
        table.caption, table.caption_justify = "↓ lower is better", "left"
    console.print(table)
    if report_path is not None:
        console.print(Text(f"report: {report_path}"), soft_wrap=True)


def _baseline(score: Score, others: list[Score]) -> Text:
    same = next((other for other in others if other.name == score.name), None)
    return Text(format_number(same.value, same.unit) if same else "–", style="dim")
