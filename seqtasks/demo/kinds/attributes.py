"""A form for attributes: a choice for each that training has seen, a box for each whose value is copied."""

import re
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seqtasks.data.attributes import parse
from seqtasks.demo.subject import Subject

_NONE = "–"


@dataclass(frozen=True)
class Form:
    """Fields of attributes.

    Attributes:
        names: of the attributes.
        fields: a component for each.
    """

    names: list[str]
    fields: list[Any]

    def attributes(self, values: tuple[str | None, ...]) -> list[str]:
        """What the fields say, as an input of the task; a field that is left empty says nothing."""
        pairs = zip(self.names, values, strict=True)
        return [f"{name}={value.strip()}" for name, value in pairs if value and value.strip() not in ("", _NONE)]


def attribute_form(subject: Subject) -> Form:
    """The fields, filled as in the first test row."""
    copied = subject.task.recipe.attributes.delexicalize
    known: dict[str, list[str]] = {}
    vocabulary = subject.task.reader.vocabulary
    for item in vocabulary.items[: vocabulary.kept]:
        name, _, value = item.partition("=")
        known.setdefault(name, []).append(value)
    first = dict(parse(str(subject.rows[0].input))) if subject.rows else {}
    fields = [
        gr.Textbox(first.get(name, ""), label=_title(name))
        if name in copied
        else gr.Dropdown(
            [_NONE, *values], value=first[name] if first.get(name) in values else _NONE, label=_title(name)
        )
        for name, values in known.items()
    ]
    return Form(list(known), fields)


def _title(name: str) -> str:
    """`priceRange` as `Price range`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").capitalize()
