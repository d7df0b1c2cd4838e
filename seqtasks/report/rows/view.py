"""`View`: the rows of a run, and how those of their kind are drawn, searched, filtered and sorted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from seqtasks.report.predictions import Prediction

MAX_ROWS = 5000
MAX_TEXT = 1000

Row: TypeAlias = dict[str, Any]
"""What the page knows of a row, by name; `index` and `value` are always there."""


class Order(NamedTuple):
    """Rows sorted by what they hold under a name, rising (1) or falling (-1)."""

    title: str
    name: str
    sign: int


@dataclass(frozen=True)
class View:
    """The rows of a run as the page shows them.

    Attributes:
        form: which function of `rows.js` draws a row.
        note: the line below a row; `{name}` stands for what the row holds.
        rows: the first ones, at most `MAX_ROWS`, all with the same names.
        orders: what they can be sorted by, beside their order in the split.
        searched: the names that the search looks through, with what they are called on the page.
        outcomes: a filter: names that `rows.js` knows, with what they are called on the page.
        labels: all labels, the most frequent first; `reference` and `output` of the rows are places among them.
        steps: what a labelled step of a row is called, where a row has several.
    """

    form: str
    note: str
    rows: list[Row]
    orders: list[Order]
    searched: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    steps: str = ""


def by_length(rows: Sequence[Prediction], what: str) -> list[Order]:
    """Orders by `length`, if lengths differ."""
    if len({row.length for row in rows}) < 2:
        return []
    return [Order(f"shortest {what}", "length", 1), Order(f"longest {what}", "length", -1)]


def clip(text: str) -> str:
    """The beginning of a text that is longer than `MAX_TEXT` characters."""
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rstrip() + " …"


def rounded(value: float, decimals: int | None = None) -> float | None:
    """To so many decimals, or else to four digits; None, as JSON has nothing else, where it is not finite."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.4g}") if decimals is None else round(value, decimals)
