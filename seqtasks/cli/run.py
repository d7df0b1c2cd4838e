"""`seqtasks run`: train, score, report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqtasks.cli.arguments import command_line, json_option, overrides_argument, print_json, recipe_argument

if TYPE_CHECKING:
    from seqtasks.recipe import Recipe


@click.command("run")
@recipe_argument
@overrides_argument
@click.option(
    "--output", type=click.Path(path_type=Path), help="The run directory.  [default: runs/NAME OF THE RECIPE]"
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
@click.option("--overwrite", is_flag=True, help="Replace an earlier run.")
@click.option(
    "--seeds",
    type=click.IntRange(min=2),
    help="Train so often, with the recipe's seed and those after it, into OUTPUT-seed0 and so on; "
    "print the mean and standard deviation of the scores.",
)
@json_option
def command(
    recipe: Path,
    overrides: tuple[str, ...],
    output: Path | None,
    *,
    resume: bool,
    overwrite: bool,
    seeds: int | None,
    as_json: bool,
) -> None:
    """Train a RECIPE, score it, write a report.

    RECIPE is a YAML file or the name of a shipped recipe. Its scores are shown beside those of simple baselines.
    KEY=VALUE changes one of its settings:

    \b
    seqtasks run translate train.max_steps=100 dataset.name=de --output runs/german

    Ctrl-C and SIGTERM stop after the running step; --resume goes on from there as if nothing had happened.
    """
    if resume and overwrite:
        raise click.UsageError("--resume goes on with a run and --overwrite deletes it; choose one of them")
    from seqtasks.recipe import load_recipe

    first = load_recipe(recipe, overrides)
    target = output or Path("runs") / recipe.stem
    parts = [recipe, *overrides, *(("--output", output) if output else ())]
    again = command_line("run", *parts, *(("--seeds", str(seeds)) if seeds else ()))
    scores = []
    for seed in range(first.train.seed, first.train.seed + (seeds or 1)):
        checked, folder, line = first, target, again
        if seeds:
            given = (*overrides, f"train.seed={seed}")
            checked, folder = load_recipe(recipe, given), target.with_name(f"{target.name}-seed{seed}")
            line = command_line("run", recipe, *given, "--output", folder)
        scores.append(_run(checked, folder, command=line, again=again, resume=resume, overwrite=overwrite))
    if None not in scores:  # it is on all processes but the main one
        _print(scores, target, seeds=seeds, as_json=as_json)


def _run(
    recipe: "Recipe", target: Path, *, command: str, again: str, resume: bool, overwrite: bool
) -> dict[str, Any] | None:
    """Run, or say how to go on and exit."""
    what = "stopped"
    try:
        from seqtasks.errors import TrainingInterruptedError
        from seqtasks.run import run

        try:
            return run(recipe, target, command=command, resume=resume, overwrite=overwrite)
        except TrainingInterruptedError as error:
            what = str(error)
    except KeyboardInterrupt:
        pass
    begun = (target / "environment.json").exists()
    click.echo(f"{what}; go on with: {again} --resume" if begun else f"{what}; nothing was written", err=True)
    sys.exit(130)


def _print(scores: list[Any], target: Path, *, seeds: int | None, as_json: bool) -> None:
    from rich.console import Console

    from seqtasks.report import print_scores
    from seqtasks.report.seeds import over_seeds, print_seeds

    if seeds is None:
        if as_json:
            print_json({"run": str(target), **scores[0]})
        else:
            print_scores(scores[0], target / "report.html", Console())
    elif as_json:
        print_json([each.to_dict() for each in over_seeds(scores)])
    else:
        print_seeds(over_seeds(scores), Console())
