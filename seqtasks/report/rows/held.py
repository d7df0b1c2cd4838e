"""As many rows as a page of a few MB holds, as JSON that may stand within HTML."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from seqtasks.report.answers.answers import is_picture, is_recording
from seqtasks.report.rows.view import View
from seqtasks.report.run_files import Run

_NO_PICTURE = len("null,")


@dataclass(frozen=True)
class HeldRows:
    """The rows that a page holds.

    Attributes:
        view: how they are shown.
        total: the rows of the test split.
        held: how many of them, the first ones, the page holds.
        is_full: whether it holds less than it would without its limit in bytes.
        pictures: how many of the rows, the first ones, come with their pictures; None: the inputs are no pictures.
        recordings: whether the inputs are recordings or series, which are not in the page.
        data: all of it for `rows.js`: a list for each name of `View.rows`.
    """

    view: View
    total: int
    held: int
    is_full: bool
    pictures: int | None
    recordings: bool
    data: Markup


def held_rows(run: Run, view: View, *, max_bytes: int) -> HeldRows:
    """As many rows as fit, then as many of their pictures.

    Args:
        run: whose test rows they are.
        view: its rows.
        max_bytes: what rows and pictures may take.
    """
    inputs = [row.input for row in run.predictions]
    pictures = [each if is_picture(each) else None for each in inputs]
    seen = any(pictures)
    held, left = _fitting([_size(*row.values()) + _NO_PICTURE * seen for row in view.rows], max_bytes)
    shown, _ = _fitting([_size(each) - _NO_PICTURE for each in pictures[:held]], left) if seen else (0, left)
    columns = {name: [row[name] for row in view.rows[:held]] for name in view.rows[0]}
    if seen:
        columns["picture"] = pictures[:shown] + [None] * (held - shown)
    kept = {"form": view.form, "note": view.note, "labels": view.labels, "steps": view.steps}
    return HeldRows(
        view=view,
        total=len(inputs),
        held=held,
        is_full=held < len(view.rows),
        pictures=shown if seen else None,
        recordings=any(isinstance(each, list) and is_recording(each) for each in inputs),
        data=_json(kept | {"searched": list(view.searched), "columns": columns}),
    )


def _fitting(sizes: Sequence[int], limit: int) -> tuple[int, int]:
    """How many come before the limit is passed, and what they leave of it."""
    for count, size in enumerate(sizes):
        if size > limit:
            return count, limit
        limit -= size
    return len(sizes), limit


def _size(*values: Any) -> int:
    """The bytes of values in the page, a comma after each."""
    return sum(len(_json(value).encode()) + 1 for value in values)


def _json(value: Any) -> Markup:
    return htmlsafe_json_dumps(
        value, dumps=partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    )
