"""The comparison in the terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.compare.comparison import Comparison
from seqtasks.compare.wording import (
    OUTCOMES,
    format_difference,
    format_effect,
    format_group,
    format_value,
    method,
    p_cell,
    verdicts,
)
from seqtasks.report.headline import format_interval, score_heading

_STYLES = {"good": "green", "poor": "red", "unsure": "", "unknown": "dim"}


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print scores, differences, recipes and the verdicts; strings from data are never read as markup."""
    console.print(_scores(comparison))
    if comparison.groups:
        console.print(_groups(comparison))
    console.print(_differences(comparison))
    console.print(_recipes(comparison))
    for verdict in verdicts(comparison, comparison.main):
        console.print(Text(verdict.sentence, f"bold {_STYLES[verdict.level]}".strip()))


def _scores(comparison: Comparison) -> Table:
    table = _table("scores on the test split", "score")
    for each in comparison.contestants:
        table.add_column(Text(each.name), justify="right")
    for line in comparison.lines:
        style = "bold" if line.name == comparison.primary else ""
        cells = [
            Text(
                f"{format_value(score)} ({interval})"
                if score and (interval := format_interval(score))
                else format_value(score)
            )
            for score in line.scores
        ]
        table.add_row(Text(score_heading(line.kind), style), *cells)
    if not all(line.kind.higher_is_better for line in comparison.lines):
        table.caption, table.caption_justify = "↓ lower is better", "left"
    return table


def _groups(comparison: Comparison) -> Table:
    table = _table("seeds of one recipe: mean ± standard deviation", "score")
    for group in comparison.groups:
        table.add_column(Text(group.title), justify="right")
    for line in comparison.lines:
        table.add_row(
            Text(score_heading(line.kind)), *(Text(format_group(each, line.kind)) for each in comparison.groups)
        )
    return table


def _differences(comparison: Comparison) -> Table:
    several = len(comparison.rivals) > 1
    table = _table(f"differences to {comparison.baseline.name}", "score")
    if several:
        table.add_column("run")
    for column in ("difference (95%)", "p", *(["p, Holm"] if several else []), "p, bootstrap", "d"):
        table.add_column(column, justify="right")
    table.add_column("")
    for line in comparison.lines:
        rows = zip(comparison.rivals, line.tests, verdicts(comparison, line), strict=True)
        for rival, test, verdict in rows:
            found = test.difference
            if found:
                amount, low, high = format_difference(found, line.kind)
                numbers = [
                    f"{amount} ({low} to {high})",
                    p_cell(found.p_randomisation),
                    *([p_cell(found.p_holm)] if several else []),
                    p_cell(found.p_bootstrap),
                    format_effect(found),
                ]
            else:
                numbers = ["–"] * (5 if several else 4)
            name = [Text(rival.name)] if several else []
            outcome = Text(OUTCOMES[verdict.level], _STYLES[verdict.level])
            table.add_row(Text(score_heading(line.kind)), *name, *numbers, outcome)
    untested = {test.reason for line in comparison.lines for test in line.tests if test.reason}
    notes = [*method(comparison), *(f"Not tested: {reason}." for reason in sorted(untested))]
    table.caption, table.caption_justify = Text(" ".join(notes), "dim"), "left"
    return table


def _recipes(comparison: Comparison) -> Table:
    table = _table("where the recipes differ", "field")
    for each in comparison.contestants:
        table.add_column(Text(each.name), overflow="fold")
    for difference in comparison.recipes:
        table.add_row(Text(difference.field), *(Text(value or "–") for value in difference.values))
    return table


def _table(title: str, first: str) -> Table:
    table = Table(title=Text(title, "bold"), title_justify="left")
    table.add_column(first)
    return table
