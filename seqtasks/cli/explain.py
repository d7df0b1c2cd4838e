"""`seqtasks explain`: the network that a recipe builds."""

from pathlib import Path

import click

from seqtasks.cli.arguments import overrides_argument, recipe_argument


@click.command("explain")
@recipe_argument
@overrides_argument
def command(recipe: Path, overrides: tuple[str, ...]) -> None:
    """Draw the network of a RECIPE and list its layers.

    Shows the network unrolled over time, then every layer with its shapes and parameters. Needs no data.
    """
    from seqtasks.recipe import load_recipe

    checked = load_recipe(recipe, overrides)
    from seqtasks.explain import explain

    click.echo(explain(checked))
