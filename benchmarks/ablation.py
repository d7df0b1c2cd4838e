"""What is each option worth? Trains recipes again with one thing changed, and writes docs/ablation.md.

    python benchmarks/ablation.py                 # everything in ablation.yaml that has not been trained yet
    python benchmarks/ablation.py ner sentiment   # of these recipes

Scores are those of the validation rows, by which options are chosen; those of the test rows, which every run scores at
its end, are neither read nor kept. What each run reached is kept with its recipe in `docs/results/ablation/`; what is
there of the same recipe is not trained again, and an interrupted run below `runs/ablation/` goes on. A recipe of `hub/`
that starts from another run needs that one first, in the same folder; its own comment says which.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import yaml
from pydantic import TypeAdapter

from seqtasks import load
from seqtasks.cli.shipped import find_shipped
from seqtasks.errors import RecipeError, RunError
from seqtasks.files import write_json
from seqtasks.metrics.score import Score
from seqtasks.recipe import Recipe, dump_recipe, load_recipe, parse_recipe
from seqtasks.report.headline import format_interval, format_number, score_heading
from seqtasks.report.records import Scores
from seqtasks.run import score_rows
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks.rows import load_rows

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
KEPT = DOCS / "results" / "ablation"
RUNS = Path("runs/ablation")
AS_IT_IS = "as it is"


@dataclass(frozen=True)
class Line:
    """What is kept of a run, or of several that answer as one model.

    Args:
        recipe: what was run, every default filled in; of several runs, that of the first.
        score: the validation score.
        seeds: the score of each seed by itself, where several answer as one model.
    """

    recipe: dict[str, Any]
    score: Score
    seeds: list[float] = field(default_factory=list)


def main(names: list[str]) -> None:
    """Train what is missing, write the page from what is kept."""
    plan = yaml.safe_load((HERE / "ablation.yaml").read_text(encoding="utf-8"))
    if unknown := sorted(set(names) - set(plan)):
        sys.exit(f"ablation.yaml: has no recipe {', '.join(unknown)}; expected one of {', '.join(plan)}")
    for recipe in names or plan:
        for label, overrides in variants(plan[recipe]).items():
            measure(recipe, label, overrides)
        if seeds := plan[recipe].get("seeds"):
            measure_together(recipe, plan[recipe]["base"], seeds)
    page = DOCS / "ablation.md"
    page.write_text("\n".join(render(plan)), encoding="utf-8")
    print(f"wrote {page}")


def variants(part: dict[str, Any]) -> dict[str, list[str]]:
    """All overrides of each line of a recipe's table."""
    return {label: [*part["base"], *overrides] for label, overrides in {AS_IT_IS: [], **part["changes"]}.items()}


def measure(recipe: str, label: str, overrides: Sequence[str]) -> None:
    """Run a recipe with overrides and keep its score, unless that is there."""
    if read(recipe, label, overrides) is None:
        keep(recipe, label, overrides, validation_score(train(recipe, label, overrides)))


def measure_together(recipe: str, base: Sequence[str], seeds: int) -> None:
    """Run a recipe with several seeds and keep what they reach as one model, whose probabilities are their mean."""
    label = together(seeds)
    if read(recipe, label, base) is not None:
        return
    runs = [train(recipe, AS_IT_IS, base)]
    runs += [train(recipe, f"seed {seed}", [*base, f"train.seed={seed}"]) for seed in range(1, seeds)]
    alone = [validation_score(run) for run in runs]
    predictor = load(*runs)
    rows, _ = load_rows(type(predictor.task), predictor.task.recipe)
    scored = score_rows(predictor.task, predictor.model, {"test": rows["validation"]}).scores["test"]["scores"]
    score = next(score for score in TypeAdapter(list[Score]).validate_python(scored) if score.name == alone[0].name)
    keep(recipe, label, base, score, [score.value for score in alone])


def train(recipe: str, label: str, overrides: Sequence[str]) -> Path:
    """The directory of a finished run of a recipe with overrides."""
    run = RUNS / recipe / slug(label)
    try:
        RunDirectory.check_free(run, resolved(recipe, overrides), resume=True, overwrite=False)
    except RunError as error:
        sys.exit(f"{error}\nIt is made by this command alone: delete {run} to have it trained anew.")
    if not (run / "scores.json").exists():
        resume = ["--resume"] if run.exists() else []
        command = [sys.executable, "-m", "seqtasks", "run", recipe, *overrides, "--output", str(run), *resume]
        subprocess.run(command, check=True)
    return run


def validation_score(run: Path) -> Score:
    """The score that decides, on the validation rows."""
    scores = TypeAdapter(Scores).validate_json((run / "scores.json").read_text(encoding="utf-8"))
    found = scores.validation.scores if scores.validation else []
    return next(score for score in found if score.name == scores.primary)


def resolved(recipe: str, overrides: Sequence[str]) -> Recipe:
    """A shipped recipe with overrides."""
    return load_recipe(find_shipped(recipe), overrides)


def together(seeds: int) -> str:
    """The label of several seeds."""
    return f"{seeds} seeds as one model"


def slug(label: str) -> str:
    """A label as the name of a file."""
    return re.sub(r"\W+", "-", label)


def kept(recipe: str, label: str) -> Path:
    """Where the score of a line is kept."""
    return KEPT / recipe / f"{slug(label)}.json"


def keep(recipe: str, label: str, overrides: Sequence[str], score: Score, seeds: Sequence[float] = ()) -> None:
    """Write a line of a recipe's table."""
    path = kept(recipe, label)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, asdict(Line(yaml.safe_load(dump_recipe(resolved(recipe, overrides))), score, list(seeds))))


def read(recipe: str, label: str, overrides: Sequence[str]) -> Line | None:
    """A line that is kept; None if there is none, or one of another recipe."""
    if not (path := kept(recipe, label)).exists():
        return None
    line = TypeAdapter(Line).validate_json(path.read_text(encoding="utf-8"))
    try:
        same = parse_recipe(yaml.safe_dump(line.recipe), source=str(path)) == resolved(recipe, overrides)
    except RecipeError:  # of an older version
        return None
    return line if same else None


def render(plan: dict[str, Any]) -> Iterator[str]:
    """The lines of the page."""
    yield from (
        "# What each option is worth",
        "",
        "Written by `python benchmarks/ablation.py`; not by hand. Each line is the recipe with one thing changed, "
        "trained with seed 0. Scores are on the validation rows, by which the best checkpoint of each run was chosen "
        "too, with 95% bootstrap intervals: how far other rows would have moved them. The seeds one by one show how "
        "far chance in training moves a score; do not rely on a difference no larger than theirs, nor on one in a "
        "table without seeds. Several seeds as one model: the mean of their probabilities decides, and the difference "
        "is to the mean of their scores. Averaged checkpoints take the place of the best one only where these rows "
        "score them no lower (texts by greedy search), so a line without averaging can show little. Differences of "
        "percentages are in points.",
        "",
    )
    for recipe, part in plan.items():
        base = " ".join(f"`{override}`" for override in part["base"])
        lines = {label: read(recipe, label, overrides) for label, overrides in variants(part).items()}
        for label in (label for label, line in lines.items() if line is None):
            print(f"left out, as it was not trained with today's recipe: {recipe}, {label}")
        if (whole := lines[AS_IT_IS]) is None:
            continue
        yield from (f"## {recipe}", "")
        if base:
            yield from (f"All of these runs with {base}.", "")
        yield from (f"| | {score_heading(whole.score)} | difference |", "|---|---|---|")
        for label, line in lines.items():
            if line is not None:
                changed = " ".join(f"`{override}`" for override in part["changes"].get(label, []))
                yield row(f"{label}{': ' * bool(changed)}{changed}", line, None if line is whole else whole.score.value)
        label = together(part.get("seeds", 0))
        if (line := read(recipe, label, part["base"])) is not None:
            alone = ", ".join(format_number(value, line.score.unit) for value in line.seeds)
            yield row(f"{label}; one by one {alone}", line, mean(line.seeds))
        yield ""


def row(label: str, line: Line, other: float | None) -> str:
    """A row of a table: a score with its interval, and how far it lies from another."""
    score, change = line.score, ""
    if other is not None:
        gain = score.value - other
        change = ("+" if gain >= 0 else "−") + format_number(abs(gain), score.unit).rstrip("%")
    return f"| {label} | {format_number(score.value, score.unit)} ({format_interval(score)}) | {change} |"


if __name__ == "__main__":
    main(sys.argv[1:])
