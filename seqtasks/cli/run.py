"""`seqtasks run`: train, score, report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqtasks.cli.arguments import command_line, overrides_argument, recipe_argument

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
def command(recipe: Path, overrides: tuple[str, ...], output: Path | None, *, resume: bool, overwrite: bool) -> None:
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

    checked = load_recipe(recipe, overrides)
    target = output or Path("runs") / recipe.stem
    given = command_line("run", recipe, *overrides, *(("--output", output) if output else ()))
    try:
        _run_and_print(checked, target, command=given, resume=resume, overwrite=overwrite)
    except KeyboardInterrupt:
        _say_how_to_resume(target, given, "stopped")
        sys.exit(130)


def _run_and_print(recipe: "Recipe", target: Path, *, command: str, resume: bool, overwrite: bool) -> None:
    from rich.console import Console

    from seqtasks.errors import TrainingInterruptedError
    from seqtasks.report import print_scores
    from seqtasks.run import run

    try:
        scores = run(recipe, target, command=command, resume=resume, overwrite=overwrite)
    except TrainingInterruptedError as error:
        _say_how_to_resume(target, command, str(error))
        sys.exit(130)
    if scores is not None:
        print_scores(scores, target / "report.html", Console())


def _say_how_to_resume(target: Path, command: str, what: str) -> None:
    begun = (target / "environment.json").exists()
    click.echo(f"{what}; go on with: {command} --resume" if begun else f"{what}; nothing was written", err=True)
