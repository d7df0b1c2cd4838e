"""What is each option worth? Trains recipes again with one thing changed, and writes docs/ablation.md.

    python benchmarks/ablation.py                 # everything in ablation.yaml that has not been trained yet
    python benchmarks/ablation.py ner sentiment   # of these recipes

Scores are those of the validation rows, by which options are chosen; test rows are not looked at. What each run reached
is kept in `docs/results/ablation/`, and what is there is not trained again; an interrupted run below `runs/ablation/`
goes on.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from seqtasks.files import write_json
from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_interval, format_number, score_title
from seqtasks.report.records import Scores

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
KEPT = DOCS / "results" / "ablation"
RUNS = Path("runs/ablation")
AS_IT_IS = "as it is"


@dataclass(frozen=True)
class Line:
    """What is kept of a run."""

    overrides: list[str]
    score: Score


def main(names: list[str]) -> None:
    """Train what is missing, write the page from what is kept."""
    plan = yaml.safe_load((HERE / "ablation.yaml").read_text(encoding="utf-8"))
    if unknown := sorted(set(names) - set(plan)):
        sys.exit(f"ablation.yaml: has no recipe {', '.join(unknown)}; expected one of {', '.join(plan)}")
    for recipe in names or plan:
        for label, overrides in variants(plan[recipe]).items():
            train(recipe, label, overrides)
    page = DOCS / "ablation.md"
    page.write_text("\n".join(render(plan)), encoding="utf-8")
    print(f"wrote {page}")


def variants(part: dict[str, Any]) -> dict[str, list[str]]:
    """All overrides of each line of a recipe's table."""
    return {label: [*part["base"], *overrides] for label, overrides in {AS_IT_IS: [], **part["changes"]}.items()}


def train(recipe: str, label: str, overrides: Sequence[str]) -> None:
    """Run a recipe with overrides and keep its score, unless that is there."""
    if read(recipe, label, overrides) is not None:
        return
    run = RUNS / recipe / slug(label)
    if not (run / "scores.json").exists():
        resume = ["--resume"] if run.exists() else []
        command = [sys.executable, "-m", "seqtasks", "run", recipe, *overrides, "--output", str(run), *resume]
        subprocess.run(command, check=True)
    scores = TypeAdapter(Scores).validate_json((run / "scores.json").read_text(encoding="utf-8"))
    found = scores.validation.scores if scores.validation else []
    score = next(score for score in found if score.name == scores.primary)
    (KEPT / recipe).mkdir(parents=True, exist_ok=True)
    write_json(kept(recipe, label), asdict(Line(list(overrides), score)))


def slug(label: str) -> str:
    """A label as the name of a file."""
    return re.sub(r"\W+", "-", label)


def kept(recipe: str, label: str) -> Path:
    """Where the score of a line is kept."""
    return KEPT / recipe / f"{slug(label)}.json"


def read(recipe: str, label: str, overrides: Sequence[str]) -> Score | None:
    """A score that is kept; None if there is none, or one of other overrides."""
    if not (path := kept(recipe, label)).exists():
        return None
    line = TypeAdapter(Line).validate_json(path.read_text(encoding="utf-8"))
    return line.score if line.overrides == list(overrides) else None


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
        lines = {label: read(recipe, label, overrides) for label, overrides in variants(parts).items()}
        reached = {label: score for label, score in lines.items() if score is not None}
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


if __name__ == "__main__":
    main(sys.argv[1:])
