"""What is each option worth? Trains recipes again with one thing changed, and writes docs/ablation.md.

    python benchmarks/ablation.py                 # everything in ablation.yaml that has not been trained yet
    python benchmarks/ablation.py ner sentiment   # of these recipes

Runs are kept below `runs/ablation/`; one that is there is not trained again, and an interrupted one goes on. Scores are
those of the validation rows, by which options are chosen; test rows are not looked at.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_interval, format_number, score_title
from seqtasks.report.records import Scores

HERE = Path(__file__).parent
RUNS = Path("runs/ablation")
AS_IT_IS = "as it is"


def main(names: list[str]) -> None:
    """Train what is missing, write the page from what is there."""
    plan = yaml.safe_load((HERE / "ablation.yaml").read_text(encoding="utf-8"))
    if unknown := sorted(set(names) - set(plan)):
        sys.exit(f"ablation.yaml: has no recipe {', '.join(unknown)}; expected one of {', '.join(plan)}")
    for recipe in names or plan:
        for label, overrides in {AS_IT_IS: [], **plan[recipe]["changes"]}.items():
            train(recipe, label, [*plan[recipe]["base"], *overrides])
    page = HERE.parent / "docs" / "ablation.md"
    page.write_text("\n".join(render(plan)), encoding="utf-8")
    print(f"wrote {page}")


def train(recipe: str, label: str, overrides: list[str]) -> None:
    """Run a recipe with overrides, unless its scores are there."""
    output = folder(recipe, label)
    if not (output / "scores.json").exists():
        resume = ["--resume"] if output.exists() else []
        command = [sys.executable, "-m", "seqtasks", "run", recipe, *overrides, "--output", str(output), *resume]
        subprocess.run(command, check=True)


def folder(recipe: str, label: str) -> Path:
    """Where a run is kept."""
    return RUNS / recipe / re.sub(r"\W+", "-", label)


def render(plan: dict[str, Any]) -> Iterator[str]:
    """The lines of the page."""
    yield from (
        "# What each option is worth",
        "",
        "Written by `python benchmarks/ablation.py`; not by hand. Each line is the recipe with one thing changed, "
        "trained from the start with seed 0. Scores are on the validation rows with 95% bootstrap intervals; a "
        "difference smaller than the intervals is none that can be relied on.",
        "",
    )
    for recipe, parts in plan.items():
        changes, base = parts["changes"], " ".join(f"`{override}`" for override in parts["base"])
        reached = {label: found for label in (AS_IT_IS, *changes) if (found := read(folder(recipe, label)))}
        if AS_IT_IS not in reached:
            continue
        whole = reached[AS_IT_IS]
        yield from (f"## {recipe}", "")
        if base:
            yield from (f"All of these runs are shortened: {base}.", "")
        yield from (f"| | {score_title(whole.name)} | difference |", "|---|---|---|")
        for label, score in reached.items():
            figure = f"{format_number(score.value, score.unit)} ({format_interval(score)})"
            sign = "+" if score.value >= whole.value else "−"
            change = "" if score is whole else sign + format_number(abs(score.value - whole.value), score.unit)
            overrides = " ".join(f"`{override}`" for override in changes.get(label, []))
            yield f"| {label}{': ' * bool(overrides)}{overrides} | {figure} | {change} |"
        yield ""


def read(run: Path) -> Score | None:
    """The main score on the validation rows; None if the run is not finished."""
    if not (run / "scores.json").exists():
        return None
    scores = TypeAdapter(Scores).validate_json((run / "scores.json").read_text(encoding="utf-8"))
    found = scores.validation.scores if scores.validation else []
    return next(score for score in found if score.name == scores.primary)


if __name__ == "__main__":
    main(sys.argv[1:])
