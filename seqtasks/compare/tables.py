"""The comparison as tables for a paper, in Markdown and in LaTeX, and as JSON."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from seqtasks.compare.comparison import Comparison, ScoreLine
from seqtasks.compare.wording import (
    format_difference,
    format_effect,
    format_group,
    format_value,
    method,
    p_cell,
    verdicts,
)
from seqtasks.report.headline import format_interval, score_heading
from seqtasks.report.markdown import escape_markdown, table_row

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",  # after \\ it would begin an argument
    "*": "{*}",
    "−": "$-$",
    "–": "--",
    "±": r"$\pm$",
    "↓": r"$\downarrow$",
    "’": "'",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}


def render_markdown(comparison: Comparison) -> str:
    """Scores and differences as Markdown, with the verdicts and how they were come to."""
    head, *rows = _score_rows(comparison, mark="†")
    lines = _markdown_table(head, rows)
    if comparison.groups:
        lines += ["", *_markdown_table(*_group_rows(comparison))]
    lines += ["", *_markdown_table(*_difference_rows(comparison)), ""]
    lines += [f"**{escape_markdown(verdict.sentence)}**  " for verdict in verdicts(comparison, comparison.main)]
    return "\n".join([*lines, "", *(f"- {escape_markdown(note)}" for note in _notes(comparison))]) + "\n"


def render_latex(comparison: Comparison) -> str:
    """The scores as a table for LaTeX with the package booktabs; differences that are real are marked."""
    head, *rows = _score_rows(comparison, mark="†")
    means = [
        row for group, row in zip(comparison.groups, _group_rows(comparison)[1], strict=True) if len(group.names) > 1
    ]
    rows += [[f"mean ± sd of {name}", *cells] for name, *cells in means]

    def line(cells: Sequence[str]) -> str:
        return " & ".join(escape_latex(cell).replace("†", r"$^{\dagger}$") for cell in cells) + r" \\"

    columns = f"l{'r' * (len(head) - 1)}"
    found = [r"\begin{table}", r"\centering", rf"\begin{{tabular}}{{{columns}}}", r"\toprule", line(head), r"\midrule"]
    found += [*map(line, rows), r"\bottomrule", r"\end{tabular}"]
    caption = escape_latex(" ".join(_notes(comparison))).replace("†", r"$^{\dagger}$")
    return "\n".join([*found, rf"\caption{{{caption}}}", r"\end{table}"]) + "\n"


def render_json(comparison: Comparison) -> str:
    """The whole result as JSON; numbers that are not finite are null."""
    content = {
        "task": comparison.baseline.run.task,
        "baseline": comparison.baseline.name,
        "runs": [
            {"name": each.name, "path": str(each.path), "seed": each.run.recipe.train.seed}
            for each in comparison.contestants
        ],
        "primary": comparison.primary,
        "scores": [_line_content(comparison, line) for line in comparison.lines],
        "seeds": [asdict(group) for group in comparison.groups],
        "recipe": {each.field: each.values for each in comparison.recipes},
        "method": method(comparison),
    }
    return json.dumps(_finite(content), ensure_ascii=False, indent=1) + "\n"


FORMS = {"markdown": render_markdown, "latex": render_latex, "json": render_json}
"""How a comparison can be printed, by name."""


def escape_latex(text: str) -> str:
    """Text from data on one line, where LaTeX reads no command in it."""
    return "".join(_LATEX.get(character, character) for character in re.sub(r"[\s\x00-\x1f\x7f]+", " ", text))


def _notes(comparison: Comparison) -> list[str]:
    reasons = sorted({test.reason for line in comparison.lines for test in line.tests if test.reason})
    marks = f"† differs from {comparison.baseline.name}, the baseline."
    return [marks, *method(comparison), *(f"Not tested: {reason}." for reason in reasons)]


def _score_rows(comparison: Comparison, *, mark: str) -> list[list[str]]:
    """A row for each run: its scores with their intervals; those that differ from the baseline's are marked."""
    rows = [["run", *(score_heading(line.kind) for line in comparison.lines)]]
    for place, each in enumerate(comparison.contestants):
        cells = []
        for line in comparison.lines:
            score = line.scores[place]
            found = line.tests[place - 1].difference if place else None
            interval = format_interval(score) if score else ""
            marked = mark if found and found.is_real else ""
            cells.append(format_value(score) + marked + (f" ({interval})" if interval else ""))
        rows.append([each.name if place else f"{each.name} (baseline)", *cells])
    return rows


def _group_rows(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    head = ["mean ± sd over seeds", *(score_heading(line.kind) for line in comparison.lines)]
    return head, [
        [group.title, *(format_group(group, line.kind) for line in comparison.lines)] for group in comparison.groups
    ]


def _difference_rows(comparison: Comparison) -> tuple[list[str], list[list[str]]]:
    several = len(comparison.rivals) > 1
    head = ["score", "run", "difference (95%)", "p", *(["p, Holm"] if several else []), "p, bootstrap", "d"]
    rows = []
    for line in comparison.lines:
        for rival, test in zip(comparison.rivals, line.tests, strict=True):
            cells = ["not tested", *["–"] * (len(head) - 3)]
            if found := test.difference:
                amount, low, high = format_difference(found, line.kind)
                values = [found.p_randomisation, *([found.p_holm] if several else []), found.p_bootstrap]
                cells = [f"{amount} ({low} to {high})", *map(p_cell, values), format_effect(found)]
            rows.append([score_heading(line.kind), rival.name, *cells])
    return head, rows


def _markdown_table(head: list[str], rows: list[list[str]]) -> list[str]:
    first, *lines = [table_row([escape_markdown(cell) for cell in cells]) for cells in (head, *rows)]
    return [first, table_row(["---", *["---:"] * (len(head) - 1)]), *lines]


def _line_content(comparison: Comparison, line: ScoreLine) -> dict[str, Any]:
    tests = zip(comparison.rivals, line.tests, verdicts(comparison, line), strict=True)
    return {
        "name": line.name,
        "scores": [score.to_dict() if score else None for score in line.scores],
        "differences": [
            {
                "run": rival.name,
                **(asdict(test.difference) | {"is_real": test.difference.is_real} if test.difference else {}),
                "not_tested": test.reason or None,
                "sentence": verdict.sentence,
            }
            for rival, test, verdict in tests
        ],
    }


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
