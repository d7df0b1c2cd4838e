"""`seqtasks check`: everything that a run does, on a few rows."""

from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, overrides_argument, print_json, recipe_argument


@click.command("check")
@recipe_argument
@overrides_argument
@json_option
def command(recipe: Path, overrides: tuple[str, ...], *, as_json: bool) -> None:
    """Try a RECIPE on a few rows, within a minute, before training.

    Goes through all that a run goes through, the longest batch first: data, vocabulary, model, a training step,
    scores, report, saving and loading. Says how much memory and time training will take. Writes nothing.
    """
    from seqtasks.recipe import load_recipe

    checked = load_recipe(recipe, overrides)
    from seqtasks.check import check

    if as_json:
        print_json({stage.name: stage.details for stage in check(checked)})
        return
    _tick("recipe", f"{recipe}: {checked.task}")
    for stage in check(checked):
        _tick(stage.name, *stage.details)
    click.echo("Ready to run.")


def _tick(name: str, first: str, *further: str) -> None:
    click.echo(f"{click.style('✓', fg='green')} {name:<12} {first}")
    for line in further:
        click.echo(f"  {'':<12} {line}")
