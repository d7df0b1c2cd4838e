"""`report.md`: the headline, the scores and the protocol, short enough to paste where they are discussed."""

import re

from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_interval, format_number, headline, score_heading, score_title
from seqtasks.report.run_files import Run


def render_markdown(run: Run) -> str:
    """A run's scores and how they came about, as Markdown."""
    summary = headline(run)
    dataset, environment = run.data.dataset, run.environment
    title = dataset.title or dataset.path or run.name
    lines = [
        f"# {escape_markdown(title)}: {run.task.replace('_', ' ')}",
        "",
        f"**{escape_markdown(summary.sentence)}**",
        "",
        escape_markdown(summary.verdict),
    ]
    if summary.notes:
        lines += ["", *(f"- {escape_markdown(note)}" for note in summary.notes)]
    lines += ["", "## Scores on the test split", "", *score_table(run), "", "## Protocol", ""]
    rows = ", ".join(f"{name} {split.rows:,}" for name, split in run.data.splits.items())
    protocol = {
        "data": " ".join(part for part in (dataset.path, dataset.name) if part),
        "licence": dataset.licence,
        "rows": rows,
        "inputs that also stand in train": ", ".join(f"{name} {n:,}" for name, n in run.data.duplicates.items()),
        "parameters": f"{run.data.parameters:,}" if run.data.parameters is not None else None,
        "intervals": "95%, bootstrap over examples",
        "software": f"seqtasks {environment.seqtasks}, torch {environment.torch}, Python {environment.python}",
        "device": f"{environment.device}, {environment.platform}",
    }
    lines += [f"- {name}: {escape_markdown(value)}" for name, value in protocol.items() if value]
    lines += [f"- command: {code(environment.command)}"]
    lines += [f"- signature of {score_title(s.name)}: {code(s.signature)}" for s in run.scores.test.scores]
    return "\n".join(lines) + "\n"


def score_table(run: Run) -> list[str]:
    """The test scores with their intervals, beside those of the baselines: the lines of a table."""
    baselines = run.scores.test.baselines
    head = ["score", "this run", "95% interval", *map(escape_markdown, baselines)]
    lines = [table_row(head), table_row(["---", *["---:"] * (len(head) - 1)])]
    for score in run.scores.test.scores:
        others = [_value(next((s for s in scores if s.name == score.name), None)) for scores in baselines.values()]
        lines.append(
            table_row([escape_markdown(score_heading(score)), f"**{_value(score)}**", format_interval(score), *others])
        )
    if not all(score.higher_is_better for score in run.scores.test.scores):
        lines += ["", "↓ lower is better"]
    return lines


def table_row(cells: list[str]) -> str:
    """A line of a table; the cells are Markdown."""
    return f"| {' | '.join(cells)} |"


def _value(score: Score | None) -> str:
    return format_number(score.value, score.unit) if score else "–"


def escape_markdown(text: str) -> str:
    """Text from data on one line, where it cannot become markup or break a table."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text from data as code within a line, outside tables."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"
