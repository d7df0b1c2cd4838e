"""Writes docs/shapes.md from finished runs: every shape with its drawing, equation, data, score and baseline.

    python docs/shapes.py runs/*

A run directory is called after its recipe, as `seqtasks run` calls it. Nothing in the page is typed by hand.
"""

import sys
from pathlib import Path

from seqtasks.explain.diagram import draw
from seqtasks.explain.equations import equations
from seqtasks.explain.stand_ins import build
from seqtasks.metrics.score import Score
from seqtasks.recipe import load_recipe
from seqtasks.report.headline import best_baseline, format_interval, format_number, primary_score, score_title
from seqtasks.report.run_files import Run, read_run
from seqtasks.tasks import TASKS, task_class

PAGE = Path(__file__).with_name("shapes.md")
RECIPES = Path(__file__).parents[1] / "recipes"


def main(folders: list[str]) -> None:
    """Write the page."""
    order = {task.name: place for place, task in enumerate(TASKS)}
    found = [(read_run(Path(folder)), Path(folder)) for folder in folders]
    runs = sorted(found, key=lambda pair: (order[pair[0].task], pair[0].name))
    rows = [_row(run, folder) for run, folder in runs]
    sections = [_section(run, folder) for run, folder in runs]
    PAGE.write_text(
        "# Every shape\n\n"
        "Written by `python docs/shapes.py runs/*` from the run directories of the recipes; not by hand. Scores are on "
        "the test split, with 95% bootstrap intervals over its rows; one run each, seed 0. The command is "
        "`seqtasks run NAME`.\n\n"
        "| shape | recipe | data | score | best baseline |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n"
        + "\n\n".join(sections)
        + "\n",
        encoding="utf-8",
    )
    print(f"wrote {PAGE} from {len(runs)} runs")


def _row(run: Run, folder: Path) -> str:
    recipe = load_recipe(folder / "recipe.yaml")
    rival = best_baseline(run.scores)
    baseline = f"{rival[0]} {_figure(rival[1])}" if rival else "none"
    data = run.data.dataset.title or run.data.dataset.path
    name = f"[{run.name}](#{run.name.replace('/', '')})"
    score = primary_score(run.scores)
    cells = [task_class(recipe).shape, name, data, f"{score_title(score.name)} {_scored(score)}", baseline]
    return f"| {' | '.join(cells)} |"


def _section(run: Run, folder: Path) -> str:
    recipe = load_recipe(folder / "recipe.yaml")
    purpose = (RECIPES / f"{run.name}.yaml").read_text(encoding="utf-8").splitlines()[1].removeprefix("# ")
    scores = [f"- {score_title(score.name)} {_scored(score)}, {score.support}" for score in run.scores.test.scores]
    baselines = [
        f"- {name}: " + ", ".join(f"{score_title(score.name)} {_figure(score)}" for score in found)
        for name, found in run.scores.test.baselines.items()
    ]
    card = run.data.dataset
    return "\n".join(
        [
            f"## {run.name}",
            "",
            f"{purpose} [The recipe](../recipes/{run.name}.yaml); data: {card.title or card.path}, "
            f"{run.data.splits['train'].rows:,} training rows ({card.licence or 'licence not stated'}); "
            f"{run.data.parameters or 0:,} parameters.",
            "",
            "```text",
            draw(recipe, build(recipe)).rstrip(),
            "```",
            "",
            "```text",
            "\n\n".join(equations(recipe)) or "no recurrent layer",
            "```",
            "",
            "Scores on the test split:",
            "",
            *scores,
            "",
            "Baselines on the same rows:",
            "",
            *baselines,
        ]
    )


def _scored(score: Score) -> str:
    interval = format_interval(score)
    return f"{_figure(score)} ({interval})" if interval else _figure(score)


def _figure(score: Score) -> str:
    return format_number(score.value, score.unit)


if __name__ == "__main__":
    main(sys.argv[1:])
