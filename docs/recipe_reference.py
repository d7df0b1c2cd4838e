"""Writes docs/recipe-reference.md from the schema of recipes: every field with its values, default, tasks and meaning.

    python docs/recipe_reference.py

Descriptions stand where the fields are declared, in seqtasks/recipe/. Nothing in the page is typed by hand.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seqtasks.recipe import json_schema

PAGE = Path(__file__).with_name("recipe-reference.md")

INTRODUCTION = """# Recipe reference

Written by `python docs/recipe_reference.py` from the schema of recipes; not by hand. `seqtasks schema` prints the
schema itself, with which an editor completes and checks recipes.

A recipe is a YAML file: `task`, and the blocks that the task has. Only `task` and `dataset.path` must be given; what is
left out has its default. `key.sub=value` on the command line changes a field of one run. Unknown fields are refused,
and every mistake is named with its line. A dot is a step inwards: `split.train` in the block `dataset` is

```yaml
dataset:
  split:
    train: train
```

"""

BLOCKS = (
    "dataset",
    "attributes",
    "tokenizer",
    "stream",
    "forecast",
    "input",
    "backbone",
    "head",
    "decoding",
    "scores",
    "train",
)
"""In the order in which recipes write them."""

COLUMN = "the column that holds it"

Row = tuple[str, str, str, str]
"""A field's name in its block, values, default and meaning."""


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE}")


def render() -> str:
    """The page."""
    schema = json_schema()
    definitions = schema["$defs"]
    names = {place: task for task, place in schema["discriminator"]["mapping"].items()}
    tasks = {names[form["$ref"]]: _resolve(form, definitions) for form in schema["oneOf"]}
    if missing := {name for recipe in tasks.values() for name in recipe["properties"]} - {"task", *BLOCKS}:
        raise SystemExit(f"BLOCKS: without {', '.join(sorted(missing))}, which the schema has; add them")
    sections = [_section(block, tasks, definitions) for block in BLOCKS]
    return INTRODUCTION + _tasks(tasks) + "\n\n" + "\n\n".join(sections) + "\n"


def _tasks(tasks: Mapping[str, Any]) -> str:
    lines = ["## task", "", "| task | reads and writes | blocks |", "|---|---|---|"]
    for task, recipe in tasks.items():
        links = " ".join(f"[{block}](#{block})" for block in BLOCKS if block in recipe["properties"])
        lines.append(f"| `{task}` | {_first_line(recipe)} | {links} |")
    return "\n".join(lines)


def _section(block: str, tasks: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """All fields of a block. One that tasks have in different forms has a row for each form."""
    having = [task for task, recipe in tasks.items() if block in recipe["properties"]]
    purposes: dict[str, list[str]] = {}
    found: dict[str, dict[Row, list[str]]] = {}
    for task in having:
        definition = _resolve(tasks[task]["properties"][block], definitions)
        if purpose := _first_line(definition):
            purposes.setdefault(purpose, []).append(task)
        for row in _rows(definition, definitions):
            found.setdefault(row[0], {}).setdefault(row, []).append(task)
    lines = [f"## {block}", "", f"Tasks: {_listed(having, list(tasks))}.", ""]
    for purpose, some in purposes.items():
        lines += [f"- {purpose}" + (f" ({_listed(some, having)})" if some != having else "")]
    lines += [*([""] if purposes else []), "| field | values | default | tasks | meaning |", "|---|---|---|---|---|"]
    for forms in found.values():
        for (name, values, default, meaning), some in forms.items():
            lines.append(f"| `{name}` | {values} | {default} | {_listed(some, having)} | {meaning} |")
    return "\n".join(lines)


def _rows(definition: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str = "") -> Iterator[Row]:
    """The fields of a block, those of blocks within it after their own name."""
    for name, field in definition["properties"].items():
        inner = _inner_block(field, definitions)
        required = name in definition.get("required", ())
        default = "must be given" if required else f"`{json.dumps(field['default'], ensure_ascii=False)}`"
        if inner is None:
            meaning = field.get("description", COLUMN if prefix == "columns." else "")
            yield prefix + name, _values(field, definitions), default, meaning
            continue
        if "anyOf" in field:
            yield prefix + name, "a block or null", default, _first_line(inner)
        yield from _rows(inner, definitions, f"{prefix}{name}.")


def _inner_block(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for form in field.get("anyOf", [field]):
        if "properties" in (resolved := _resolve(form, definitions)):
            return resolved
    return None


def _resolve(form: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    return definitions[form["$ref"].rsplit("/", 1)[1]] if "$ref" in form else form


def _values(form: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a field may hold, in words, with its limits."""
    form = _resolve(form, definitions)
    if "anyOf" in form:
        return " or ".join(_values(each, definitions) for each in form["anyOf"])
    if "enum" in form:
        return ", ".join(f"`{value}`" for value in form["enum"])
    if form["type"] == "array":
        return f"list of: {_values(form['items'], definitions)}"
    if form["type"] == "object":
        return f"mapping to: {_values(form['additionalProperties'], definitions)}"
    names = {"integer": "whole number", "number": "number", "boolean": "true, false", "string": "text", "null": "null"}
    return names[form["type"]] + "".join(_limits(form))


def _limits(form: Mapping[str, Any]) -> Iterator[str]:
    wordings = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    for key, wording in wordings.items():
        if key in form:
            yield f", {wording} {form[key]:,g}" if abs(form[key]) < 1e6 else f", {wording} {form[key]:,}"


def _listed(some: list[str], everyone: list[str]) -> str:
    return "all" if some == everyone else ", ".join(f"`{task}`" for task in some)


def _first_line(definition: Mapping[str, Any]) -> str:
    return str(definition.get("description", "")).partition("\n")[0]


if __name__ == "__main__":
    main()
