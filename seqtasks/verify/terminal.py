"""The findings in the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.verify.finding import TOLERANCE, Finding

_MARKS = {"same": ("✓", "green"), "different": ("✗", "bold red"), "left out": ("–", "dim")}


def print_findings(findings: Iterable[Finding], console: Console) -> None:
    """Print a table."""
    table = Table(title="the same, computed in two ways", title_justify="left", title_style="bold")
    table.add_column("check", no_wrap=True)
    table.add_column("compared")
    for name in ("cases", "differ", "deviation"):
        table.add_column(name, justify="right")
    for finding in findings:
        mark, style = _MARKS[finding.outcome]
        compared = f"{finding.question}; {finding.reason}" if finding.reason else finding.question
        table.add_row(Text(f"{mark} {finding.name}", style), Text(compared), *_figures(finding))
    table.caption = (
        f"deviation: of a loss per target, or of a number; {TOLERANCE:g} is allowed where nothing else is said"
    )
    table.caption_justify = "left"
    console.print(table)


def _figures(finding: Finding) -> tuple[str, str, str]:
    if finding.outcome == "left out":
        return "", "", "left out"
    allowed = f" of {finding.tolerance:g}" if finding.tolerance != TOLERANCE else ""
    deviation = "" if finding.deviation is None else f"{finding.deviation:.1e}{allowed}".replace("0.0e+00", "0")
    return f"{finding.cases:,}", f"{finding.differing:,}", deviation
