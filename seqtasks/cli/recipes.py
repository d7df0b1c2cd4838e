"""`seqtasks recipes`: the recipes that come along."""

import re
from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, print_json
from seqtasks.cli.shipped import find_shipped, shipped_recipes, summary
from seqtasks.errors import RecipeError

_SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


@click.group("recipes")
def command() -> None:
    """List or copy the recipes that come along."""


@command.command("list")
@json_option
def list_recipes(*, as_json: bool) -> None:
    """List the recipes, with what each one does."""
    recipes = shipped_recipes()
    if as_json:
        print_json({name: summary(path) for name, path in recipes.items()})
        return
    width = max(map(len, recipes))
    for name, path in recipes.items():
        click.echo(f"{name:<{width}}  {summary(path)}")


@command.command("copy")
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path), required=False)
def copy_recipe(name: str, target: Path | None) -> None:
    """Copy a recipe to TARGET, a file or a folder, to make it your own.

    The line that tells editors where the schema lies is left out where it would lead nowhere.
    """
    source = find_shipped(name)
    path = target or Path()
    if path.is_dir():
        path = path / source.name
    text = source.read_text(encoding="utf-8")
    schema = _SCHEMA_LINE.match(text)
    if schema and not (path.parent / schema[1]).exists():
        text = text[schema.end() :]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise RecipeError(f"{path}: is there already; expected a new file; name another TARGET") from None
    click.echo(path)
