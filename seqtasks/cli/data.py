"""`seqtasks data`: the data sets that come along, and what is in a data set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqtasks.cli.arguments import json_option, overrides_argument, print_json
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
@json_option
def list_sets(*, as_json: bool) -> None:
    """List the sets of the catalog: data out of ordinary packages, fetched on first use, and generated ones."""
    from seqtasks.data import catalog

    if as_json:
        fields = ("name", "title", "description", "columns", "configs", "licence", "homepage", "citation")
        entries = map(catalog.describe, catalog.names())
        print_json([{field: getattr(entry, field) for field in fields} for entry in entries])
        return
    for name in catalog.names():
        entry = catalog.describe(name)
        click.echo(f"catalog/{name}  ({_origin(entry)})")
        click.echo(f"  {entry.description}")
        click.echo(f"  columns {', '.join(entry.columns)}; licence: {entry.licence}")


@command.command("show")
@click.argument("name")
@overrides_argument
@json_option
def show(name: str, overrides: tuple[str, ...], *, as_json: bool) -> None:
    """Show rows, columns, licence, citation and first rows of a set.

    NAME is a set of the catalog or a recipe; KEY=VALUE is as in a recipe:

    \b
    seqtasks data show homeassistant name=fr
    seqtasks data show translate dataset.name=de
    """
    from seqtasks.data import catalog

    catalog_name = name.removeprefix("catalog/")
    if name.startswith("catalog/") or (name in catalog.names() and not Path(name).exists()):
        found = _catalog_set(catalog.describe(catalog_name), overrides)
    else:
        found = _recipe_data(name, overrides)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _catalog_set(entry: "CatalogSet", overrides: tuple[str, ...]) -> dict[str, Any]:
    from seqtasks.data import catalog

    given = dict(override.partition("=")[::2] for override in overrides)
    if unknown := given.keys() - {"name"}:
        raise RecipeError(f"{unknown.pop()}: not a setting of a catalog set; expected name=VALUE or nothing")
    config = given.get("name")
    found = {"title": f"{entry.title}: {entry.description}", "package": _origin(entry)} | _card(entry)
    if entry.configs and config is None:
        example = f"seqtasks data show {entry.name} name={entry.configs[0]}"
        return found | {"names": entry.configs, "next": f"For rows, choose a name: {example}"}
    return found | _rows(dict(catalog.load(entry.name, config)))


def _origin(entry: "CatalogSet") -> str:
    wheel = entry.wheel
    return f"{wheel.package} {wheel.version}, {wheel.megabytes:.1f} MB" if wheel else "nothing to download"


def _recipe_data(name: str, overrides: tuple[str, ...]) -> dict[str, Any]:
    from seqtasks.data.source import load_splits
    from seqtasks.recipe import load_recipe

    recipe = load_recipe(RecipePath().convert(name, None, None), overrides)
    block = recipe.dataset
    splits = load_splits(block, columns=block.columns.model_dump())
    title = f"{splits.card.title or block.path}" + (f" ({block.name})" if block.name else "")
    rows = {"train": splits.train, "validation": splits.validation, "test": splits.test}
    return {"title": title} | _card(splits.card) | _rows(rows)


def _card(card: "Card | CatalogSet") -> dict[str, Any]:
    return {name: getattr(card, name) for name in ("licence", "homepage", "citation")}


def _rows(splits: dict[str, Any]) -> dict[str, Any]:
    """How many rows there are, and the first ones, each value as a short text."""
    rows = next(iter(splits.values()))
    first = [
        {column: _short(value) for column, value in rows[index].items()} for index in range(min(_SHOWN_ROWS, len(rows)))
    ]
    return {
        "splits": {name: len(split) for name, split in splits.items()},
        "columns": rows.column_names,
        "first": first,
    }


def _show(found: dict[str, Any]) -> None:
    click.echo(found["title"])
    for name in ("package", "licence", "homepage", "citation"):
        if name in found:
            click.echo(f"{name:<9} {found[name] or 'not stated'}")
    if "names" in found:
        click.echo(f"names     {', '.join(found['names'])}\n\n{found['next']}")
        return
    click.echo("rows      " + ", ".join(f"{name} {rows:,}" for name, rows in found["splits"].items()))
    click.echo("columns   " + ", ".join(found["columns"]))
    for index, row in enumerate(found["first"]):
        click.echo(f"\n{next(iter(found['splits']))} row {index}")
        for column, value in row.items():
            click.echo(f"  {column}: {value}")


def _short(value: Any) -> str:
    if hasattr(value, "size") and hasattr(value, "mode"):
        return f"picture, {value.size[0]} x {value.size[1]} pixels, {value.mode}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return f"{len(value)} frames of {len(value[0])} numbers, the first {_short(value[0])}"
    if isinstance(value, float):
        return f"{value:.5g}"
    text = " | ".join(map(_short, value)) if isinstance(value, list) else " ".join(str(value).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
