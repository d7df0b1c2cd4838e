"""One mistake in a recipe: where it was written, which field it is about, and what is wrong."""

import json
from dataclasses import dataclass
from typing import Any

KeyPath = tuple[str | int, ...]
"""The keys from the root to a value, such as `("train", "epochs")`."""


@dataclass(frozen=True, order=True)
class Origin:
    """Where something was written: `order` sorts (file, line and column before overrides), `where` is for people."""

    order: tuple[int, ...]
    where: str


@dataclass(frozen=True)
class Mistake:
    """One line of a `RecipeError`."""

    origin: Origin
    path: KeyPath
    reason: str

    def __str__(self) -> str:
        return ": ".join([self.origin.where, *([dotted(self.path)] if self.path else []), self.reason])


def dotted(path: KeyPath) -> str:
    """`("input", "channels", 0)` as `input.channels[0]`, on one line whatever the keys hold."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if part.isprintable() and part else show(part))
    return text


def show(value: Any) -> str:
    """A scalar as it would stand in a recipe, on one line and not too long."""
    printable = isinstance(value, str) and value.isprintable()
    text = json.dumps(value, ensure_ascii=not printable)
    return text if len(text) <= 60 else f"{text[:56]}...{text[-1]}"
