"""What is wrong with a recipe's values, in words for the person who wrote them.

pydantic finds the mistakes; the words come from the recipe's JSON Schema, which says what each field expects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic_core import ErrorDetails

from seqtasks.recipe.blocks import Block
from seqtasks.recipe.document import Document
from seqtasks.recipe.mistakes import KeyPath, Mistake, dotted, show

Schema = dict[str, Any]

_JSON_TYPES: Mapping[type, set[str]] = {
    bool: {"boolean"},
    int: {"integer", "number"},
    float: {"number"},
    str: {"string"},
}


@dataclass(frozen=True)
class Explainer:
    """Turns pydantic's errors about one task's recipe into mistakes.

    Attributes:
        task: the recipe's task.
        classes: the recipe class of every task; the others tell where a misplaced field belongs.
    """

    task: str
    classes: Mapping[str, type[Block]]

    def mistakes(self, error: ErrorDetails, document: Document) -> Iterator[Mistake]:
        """One mistake for most errors, and one for each pair of settings that exclude each other."""
        shape = shape_of(self.classes[self.task])
        path, expected = shape.locate(error["loc"])
        if error["type"] == "conflict":
            for field, reason in error["ctx"]["found"]:
                place = (*path, *field.split("."))
                yield Mistake(document.origin(place), place, reason)
            return
        if error["type"] == "extra_forbidden":
            reason = self._unknown_field(shape, path)
        elif error["type"] == "missing":
            hint = f" ({expected['description']})" if "description" in expected else ""
            reason = f"missing; expected {describe(expected, shape)}{hint}"
        else:
            reason = _wrong_value(error["input"], expected, shape)
        yield Mistake(document.origin(path), path, reason)

    def _unknown_field(self, shape: "Shape", path: KeyPath) -> str:
        name = str(path[-1])
        others = {task: shape_of(model) for task, model in self.classes.items() if task != self.task}
        tasks = [task for task, other in others.items() if other.find(path) is not None]
        blocks = [dotted(block) or "the top level" for block, fields in shape.blocks() if name in fields]
        names = list(shape.fields(path[:-1]))
        if tasks:
            kind = "block" if "properties" in (others[tasks[0]].find(path) or {}) else "field"
            purpose = (self.classes[self.task].__doc__ or "").partition(".")[0]
            return (
                f"a {self.task} recipe ({purpose}) has no such {kind}; here fit {', '.join(names)}; "
                f"tasks that have it: {', '.join(tasks)}"
            )
        if blocks:
            return f'unknown field. "{name}" is a field of {", ".join(blocks)}'
        return "unknown field" + (suggestion(name, names) or f"; the fields here are {', '.join(names)}")


class Shape:
    """The JSON Schema of one recipe class, walked by key."""

    def __init__(self, model: type[Block]) -> None:
        self.root: Schema = model.model_json_schema()

    def variants(self, schema: Schema) -> list[Schema]:
        """What a value may be, null left out, with references followed."""
        if "allOf" in schema:
            schema = schema["allOf"][0]
        if "$ref" in schema:
            schema = self.root["$defs"][schema["$ref"].rpartition("/")[2]]
        if "anyOf" not in schema:
            return [schema] if schema.get("type") != "null" else []
        return [variant for part in schema["anyOf"] for variant in self.variants(part)]

    def step(self, schema: Schema, part: str | int) -> Schema | None:
        """The schema of one field or list entry; None where there is none, or where several types are possible."""
        variants = self.variants(schema)
        if len(variants) != 1:
            return None
        if isinstance(part, int):
            return variants[0].get("items")
        return variants[0].get("properties", {}).get(part)

    def find(self, path: KeyPath) -> Schema | None:
        """The schema at `path`, or None."""
        schema: Schema | None = self.root
        for part in path:
            schema = self.step(schema, part) if schema else None
        return self.variants(schema)[0] if schema and len(self.variants(schema)) == 1 else schema

    def locate(self, location: tuple[str | int, ...]) -> tuple[KeyPath, Schema]:
        """The path in an error's location, and what is expected there; pydantic adds names of types to it."""
        schema = self.root
        for depth, part in enumerate(location):
            if len(self.variants(schema)) > 1:
                return location[:depth], schema
            below = self.step(schema, part)
            if below is None:
                return location[: depth + 1], {}
            schema = below
        return location, schema

    def fields(self, path: KeyPath) -> dict[str, Schema]:
        """The fields of the block at `path`."""
        return (self.find(path) or {}).get("properties", {})

    def blocks(self, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Schema]]]:
        """Every block of the recipe with its fields."""
        fields = self.fields(path)
        if fields:
            yield path, fields
        for name in fields:
            yield from self.blocks((*path, name))


@cache
def shape_of(model: type[Block]) -> Shape:
    """The shape of a recipe class, worked out once."""
    return Shape(model)


def suggestion(given: str, names: list[str]) -> str:
    """`. Did you mean "epochs"?`, or nothing where no name is close."""
    plain = given.lower().replace("-", "_").replace(" ", "_")
    close = get_close_matches(plain, names, n=1)
    return f'. Did you mean "{close[0]}"?' if close else ""


def not_one_of(given: Any, names: list[str]) -> str:
    """The reason where a value is not among the possible ones."""
    hint = suggestion(given, names) if isinstance(given, str) else ""
    shown = show(given) if not isinstance(given, dict | list) else kind(given)
    return f"{shown} is not one of {', '.join(names)}{hint}"


def kind(value: Any) -> str:
    """What a value is, in words."""
    names = {bool: "a truth value", int: "a whole number", float: "a decimal number", str: "a text", list: "a list"}
    return names.get(type(value), "a block of fields")


def describe(schema: Schema, shape: Shape) -> str:
    """What a field expects, in words: `a number greater than 0 or null`."""
    texts = [_describe_one(variant, shape) for variant in shape.variants(schema)]
    if _nullable(schema):
        texts.append("null")
    return ", ".join(texts[:-1]) + " or " + texts[-1] if len(texts) > 1 else texts[0]


def _describe_one(schema: Schema, shape: Shape) -> str:
    bounds = {
        "exclusiveMinimum": "greater than",
        "minimum": "at least",
        "exclusiveMaximum": "below",
        "maximum": "at most",
    }
    limits = " and ".join(f"{words} {schema[name]:.10g}" for name, words in bounds.items() if name in schema)
    match schema:
        case {"enum": choices}:
            return f"one of {', '.join(choices)}"
        case {"type": "integer"}:
            return f"a whole number {limits}".rstrip()
        case {"type": "number"}:
            return f"a number {limits}".rstrip()
        case {"type": "boolean"}:
            return "true or false"
        case {"type": "string"}:
            return "a non-empty text" if "minLength" in schema else "a text"
        case {"type": "array", "items": entry}:
            return f"a {'non-empty ' * ('minItems' in schema)}list (each entry {describe(entry, shape)})"
        case {"properties": fields}:
            return f"a block with fields such as {', '.join(list(fields)[:3])}"
        case {"additionalProperties": entry}:
            return f"a block (each value {describe(entry, shape)})"
    return "another value"


def _wrong_value(given: Any, schema: Schema, shape: Shape) -> str:
    variants = shape.variants(schema)
    choices = [choice for variant in variants for choice in variant.get("enum", [])]
    if choices:
        return not_one_of(given, choices + ["null"] * _nullable(schema))
    expected = describe(schema, shape)
    possible = {variant.get("type") for variant in variants}
    if given is None:
        return f"empty; expected {expected}" + (", or leave the block out" if "object" in possible else "")
    if isinstance(given, dict | list):
        return f"{kind(given)} does not fit; expected {expected}"
    if _JSON_TYPES[type(given)] & possible:
        return f"{show(given)} {'does not fit' if isinstance(given, str) else 'is out of range'}; expected {expected}"
    hint = "; put it in quotes" if "string" in possible else ""
    return f"{show(given)} is {kind(given)}; expected {expected}{hint}"


def _nullable(schema: Schema) -> bool:
    return {"type": "null"} in schema.get("anyOf", [])
