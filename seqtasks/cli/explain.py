"""`seqtasks explain`: the network that a recipe builds."""

from dataclasses import asdict
from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, overrides_argument, print_json, recipe_argument


@click.command("explain")
@recipe_argument
@overrides_argument
@json_option
def command(recipe: Path, overrides: tuple[str, ...], *, as_json: bool) -> None:
    """Draw the network of a RECIPE and list its layers.

    Shows the network unrolled over time, then every layer with its shapes and parameters. Needs no data.
    """
    from seqtasks.recipe import load_recipe

    checked = load_recipe(recipe, overrides)
    from seqtasks.explain import explain, layers_of

    if as_json:
        print_json([asdict(layer) for layer in layers_of(checked)])
    else:
        click.echo(explain(checked))
