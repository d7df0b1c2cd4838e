"""Lines of a file or a pipe to the inputs of a task: what `seqtasks predict` reads.

A line is plain text, or JSON: a string, a list of words (tagging), of numbers or frames (recordings and series), or
an object that holds the input under the name of the recipe's column or of its role.
"""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from seqtasks.errors import DataError
from seqtasks.recipe import Recipe


@dataclass(frozen=True)
class InputField:
    """Where a model's input stands in a row of data.

    Attributes:
        role: what it is to the task: `text`, `tokens`, `frames`, `image`, ...
        column: its name in the data, a path with dots where it lies deeper.
    """

    role: str
    column: str

    @classmethod
    def of(cls, recipe: Recipe) -> "InputField":
        """That of a recipe's data."""
        role, column = next(iter(recipe.dataset.columns))
        return cls(role, column if isinstance(column, str) else role)


_NUMBERS = ("frames", "value")
_LISTS = ("tokens", "attributes", "image", *_NUMBERS)
"""Roles whose inputs may be JSON lists."""

_EXPECTED = {
    "frames": "a JSON list of frames, or the path of a sound",
    "value": "numbers, or a JSON list of frames",
    "image": "the path of a picture, or a JSON list of numbers",
}
"""For messages."""

_READ = 1 << 16  # bytes
_CHUNK = 256
"""Lines that are answered together, at most: sorted by length, they fill whole batches."""


def line_chunks(file: BinaryIO) -> Iterator[list[bytes]]:
    """Lines without their ends, as many at a time as are there to be read: a terminal's come one by one."""
    rest = b""
    while data := file.read1(_READ):  # type: ignore[attr-defined]
        *lines, rest = (rest + data).split(b"\n") if b"\n" in data else (rest + data,)
        for start in range(0, len(lines), _CHUNK):
            yield lines[start : start + _CHUNK]
    if rest:
        yield [rest]


def parse_inputs(chunks: Iterator[list[bytes]], field: InputField) -> Iterator[list[Any]]:
    """Chunks of lines to chunks of inputs.

    Args:
        chunks: from `line_chunks`.
        field: what an input is.

    Raises:
        DataError: a line is not UTF-8, or JSON that holds no such input; the message has its number.
    """
    number = 0
    for chunk in chunks:
        inputs = []
        for line in chunk:
            number += 1
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").removesuffix("\r")
            except UnicodeDecodeError as error:
                raise DataError(
                    f"line {number}: byte {error.start + 1} is not UTF-8; expected UTF-8 text; convert the file"
                ) from None
            inputs.append(parse_input(text, field, where=f"line {number}"))
        yield inputs


def parse_input(line: str, field: InputField, *, where: str) -> Any:
    """The input that a line stands for: a text, the path of a picture, a list of words, of numbers or of frames.

    Args:
        line: without its end.
        field: what an input is.
        where: for messages.

    Raises:
        DataError: the line is JSON, but holds no such input.
    """
    value, role = _from_json(line), field.role
    if isinstance(value, dict):
        value = _found(value, field, where=where)
    elif not isinstance(value, str) and role not in _LISTS:
        value = line  # "[1] see below" is a text
    if role in _NUMBERS or (role == "image" and isinstance(value, list)):
        if role == "frames" and isinstance(value, str) and os.path.isfile(value):  # Path.is_file raises if it is long
            return value
        return _numbers(value, role, where=where)
    if role == "tokens" and isinstance(value, str):
        return value.split()
    words = value if role in _LISTS and isinstance(value, list) else [value]
    if not all(isinstance(word, str) for word in words):
        expected = "a text or a list of words" if role in _LISTS else "a text"
        raise DataError(f"{where}: holds {json.dumps(value)[:60]}; expected {expected}; mend the line")
    return value


def _numbers(value: Any, role: str, *, where: str) -> list[Any]:
    """A list of numbers, or of lists of them; a plain line has numbers between spaces or commas."""
    try:
        found = [float(part) for part in value.replace(",", " ").split()] if isinstance(value, str) else value
        flat = [number for frame in found for number in (frame if isinstance(frame, list) else [frame])]
        if not flat or not all(math.isfinite(number) for number in flat):
            raise ValueError
    except (TypeError, ValueError):
        raise DataError(
            f"{where}: holds {json.dumps(value)[:60]}; expected {_EXPECTED.get(role, 'numbers')}; mend the line"
        ) from None
    return found


def _from_json(line: str) -> Any:
    """The string, list or object that a line holds; else the line itself."""
    if line.lstrip()[:1] in ('"', "[", "{"):
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            return line
    return line


def _found(values: dict[str, Any], field: InputField, *, where: str) -> Any:
    """The input in an object: under its column's name, a path with dots, or its role's name."""
    nested: Any = values
    for part in field.column.split("."):
        nested = nested.get(part) if isinstance(nested, dict) else None
    for found in (values.get(field.column), nested, values.get(field.role)):
        if found is not None:
            return found
    raise DataError(
        f'{where}: has the fields {", ".join(values) or "none"}; expected "{field.column}" or "{field.role}"; '
        "rename the field"
    )
