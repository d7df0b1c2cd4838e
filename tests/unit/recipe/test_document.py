"""YAML to values and lines."""

import time
from typing import Any

import pytest

from seqtasks.recipe.document import Document, read_document, write_yaml
from seqtasks.recipe.mistakes import Origin, dotted


def read(text: str) -> Document:
    return read_document(text, lambda line, column: Origin((0, line, column), f"r.yaml:{line}"))


SCALARS: dict[str, Any] = {
    "1e-3": 1e-3,
    "1.": 1.0,
    ".5": 0.5,
    "-2": -2,
    "0": 0,
    "0x1F": 31,
    "0o17": 15,
    "1_000": "1_000",
    "12:30": "12:30",
    "2024-01-01": "2024-01-01",
    "no": "no",
    "Yes": "Yes",
    "on": "on",
    "True": True,
    "false": False,
    "~": None,
    "null": None,
    "''": "",
    "'1'": "1",
    "'null'": "null",
    "-.inf": float("-inf"),
    "1.2.3": "1.2.3",
    "0.10": 0.1,
    "train[:90%]": "train[:90%]",
}


@pytest.mark.parametrize(("text", "value"), SCALARS.items(), ids=SCALARS)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    document = read(text)
    assert not document.mistakes
    assert document.value == value
    assert type(document.value) is type(value)


@pytest.mark.parametrize("text", ["0123", "-07", "+00"])
def test_leading_zeros_are_a_mistake(text: str) -> None:
    assert "may mean a number or a text" in str(read(text).mistakes[0])


def test_origins_are_the_lines_of_keys_and_entries() -> None:
    document = read("a:\n  b: &x\n    c: 1\nd:\n- 1\n-\n  e: *x\n")
    lines = {dotted(path): origin.order[1] for path, origin in document.origins.items()}
    assert lines == {"": 1, "a": 1, "a.b": 2, "a.b.c": 3, "d": 4, "d[0]": 5, "d[1]": 7, "d[1].e": 7, "d[1].e.c": 3}
    assert document.origin(("a", "b", "none", "none")).where == "r.yaml:2"


def test_aliases_are_copies() -> None:
    value = read("a: &x {k: 1}\nb: *x\n").value
    value["a"]["k"] = 2
    assert value["b"] == {"k": 1}


SYNTAX = {
    "tab": ("a:\n\tb: 1", "r.yaml:2: a tab stands here; indent with spaces"),
    "colon in a text": (
        "a: b: c",
        "r.yaml:1: a colon where no field can begin; mend the indentation, or put the text in quotes",
    ),
    "no colon": ("a: 1\nb\nc: 2", 'r.yaml:2: this line has no colon; write "key: value"'),
    "indentation": (
        "a:\n   b: 1\n  c: 2",
        "r.yaml:3: this line is not indented like the rest of its block; mend the indentation",
    ),
    "quote": ("a: 'x\nb: 1\n", "r.yaml:1: a quote is opened here and never closed"),
    "after a quote": ("a: 'x' y", "r.yaml:1: a text goes on after its closing quote; put the whole text in quotes"),
    "bracket": ("a: [1,\n 2\nb: 3", 'r.yaml:1: a bracket is opened here; a comma or the closing "]" is missing'),
    "brace": ("a: {b: 1\n", 'r.yaml:1: a bracket is opened here; a comma or the closing "}" is missing'),
    "at sign": ("a: @b", "r.yaml:1: a text cannot begin with '@'; put it in quotes"),
    "list among fields": ("a: 1\n- b", "r.yaml:2: a list entry where a field was expected; mend the indentation"),
    "two documents": ("a: 1\n---\nb: 2", "r.yaml:2: a second document begins here; a recipe is one document"),
    "alias": (
        "a: *b",
        "r.yaml:1: *b stands for an anchor that is not defined above; put the text in quotes",
    ),
    "tag": ("a: 1\nb: !!int 3", "r.yaml:2: the tag !!int is not allowed; remove it"),
    "python": (
        "a: !!python/object/apply:os.system [ls]",
        "r.yaml:1: the tag !!python/object/apply:os.system is not allowed; remove it",
    ),
    "control character": ("a: 1\nb: \x07", "r.yaml:2: holds the unprintable character U+0007"),
    "block as key": ("[a, b]: 1", "r.yaml:1: a list or a block where a key was expected"),
    "deep": ("[" * 100_000, "r.yaml:1: nested deeper than 20 levels"),
    "two anchors": ("&a &b c", "r.yaml:1: not valid YAML (expected '<document start>', but found '<anchor>')"),
    "alias of itself": ("a: &x [*x]", "r.yaml:1: nested deeper than 20 levels"),
}


@pytest.mark.parametrize(("text", "expected"), SYNTAX.values(), ids=SYNTAX)
def test_syntax_errors_in_plain_words(text: str, expected: str) -> None:
    assert [str(mistake) for mistake in read(text).mistakes] == [expected]


def test_alias_bombs_and_endless_lists_are_refused_at_once() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 18))
    started = time.process_time()
    for text in (bomb, "[" + "1," * 400_000 + "]"):
        assert "more than 10000 values" in str(read(text).mistakes[0])
    assert time.process_time() - started < 10


TEXTS = [
    "1e-3",
    "0123",
    "no",
    "null",
    "",
    "~",
    "a: b",
    "#",
    "0o7",
    "12:30",
    "<<",
    "x\ny",
    "\x85",
    "\ufeff",
    "é\u2028🙂",
    "=",
    " a ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_written_texts_are_read_back(text: str) -> None:
    assert read(write_yaml({"a": [text], text: text})).value == {"a": [text], text: text}
