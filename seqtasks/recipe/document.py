"""YAML text to plain values that remember where they stand, and back.

First step of reading a recipe: text -> `Document` -> overrides -> checked recipe. Plain scalars follow the
core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so `1e-3` is a number and `no` a text.
Stricter than YAML: tags, duplicate keys and numbers with leading zeros are mistakes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.reader import ReaderError

from seqtasks.recipe.mistakes import KeyPath, Mistake, Origin

MAX_DEPTH = 20
MAX_VALUES = 10_000
"""Values in a document, each use of an alias counted; more is an attack or an accident, never a recipe."""

_TAG = "tag:yaml.org,2002:"
_LEADING_ZERO = "leading zero"
_SCALARS = [
    (_TAG + "null", re.compile(r"(?:~|null|Null|NULL|)\Z")),
    (_TAG + "bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")),
    (_LEADING_ZERO, re.compile(r"[-+]?0[0-9]+\Z")),
    (_TAG + "int", re.compile(r"(?:[-+]?[0-9]{1,100}|0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100})\Z")),
    (_TAG + "float", re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")),
    (_TAG + "float", re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")),
]

_SLIPS = [
    (r"found character '\\t'", "a tab stands here; indent with spaces"),
    (r"found character (.+) that cannot start", r"a text cannot begin with \1; put it in quotes"),
    (r"mapping values are not", "a colon where no field can begin; mend the indentation, or put the text in quotes"),
    (r"could not find expected ':'", 'this line has no colon; write "key: value"'),
    (r"found '<block mapping start>'", "this line is not indented like the rest of its block; mend the indentation"),
    (r"found '<scalar>'", "a text goes on after its closing quote; put the whole text in quotes"),
    (r"found '-'|sequence entries are not", "a list entry where a field was expected; mend the indentation"),
    (r"found '\?'", "a field where a list entry was expected; mend the indentation"),
    (r"unexpected end of stream", "a quote is opened here and never closed"),
    (r"expected ',' or '(.)'", r'a bracket is opened here; a comma or the closing "\1" is missing'),
    (r"expected the node content", "a comma or bracket where a value was expected; put the text in quotes"),
    (r"but found another document", "a second document begins here; a recipe is one document"),
    (r"undefined alias '(.*)'", r"*\1 stands for an anchor that is not defined above; put the text in quotes"),
    (r"second occurrence", "this anchor is defined twice; give one of them another name"),
]
"""What PyYAML says about the usual slips (a pattern), and what their author can do."""


@dataclass
class Document:
    """A value read from YAML, the origin of each of its parts, and what is wrong with it so far."""

    value: Any
    origins: dict[KeyPath, Origin]
    mistakes: list[Mistake] = field(default_factory=list)

    def origin(self, path: KeyPath) -> Origin:
        """Origin of the value at `path`, or of the nearest block around it where it is not written."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins[path]


OriginAt = Callable[[int, int], Origin]
"""Makes the origin of a line, counted from 1, and a column."""


def read_document(text: str, origin_at: OriginAt) -> Document:
    """Read one YAML document; never raises, the mistakes stand in the result.

    Args:
        text: the YAML.
        origin_at: makes the origin of a place in the text.

    Returns:
        the document; its value is None where the text is not YAML or says nothing.
    """
    document = Document(None, {(): origin_at(1, 0)})
    try:
        node = _Loader(text).get_single_node()
        if node is not None:
            document.value = _Builder(document, origin_at).value(node, ())
    except yaml.MarkedYAMLError as error:
        line, reason = _explain(error)
        document.mistakes = [Mistake(origin_at(line, 0), (), reason)]
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.mistakes = [
            Mistake(origin_at(line, 0), (), f"holds the unprintable character U+{error.character:04X}")
        ]
    return document


def write_yaml(value: Any) -> str:
    """The YAML of plain values that `read_document` reads back unchanged."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)


class _Refusal(yaml.MarkedYAMLError):
    """Valid YAML that has no place in a recipe."""


class _Loader(yaml.BaseLoader):
    """PyYAML's parser with the scalars of YAML 1.2, without tags, and bounded."""

    yaml_implicit_resolvers = {None: _SCALARS}  # noqa: RUF012 (None: tried whatever the first character is)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.count = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if getattr(event, "tag", None) is not None:
            problem = f"the tag {event.tag.replace(_TAG, '!!')} is not allowed; remove it"
            raise _Refusal(problem=problem, problem_mark=event.start_mark)
        self.count += 1
        self.depth += 1
        _check_size(self.depth - 1, self.count // 2, event.start_mark)  # in mappings a key comes with each value
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Dumper(yaml.SafeDumper):
    """Quotes the texts that `_Loader`, or a reader of YAML 1.1, would take for something else."""

    yaml_implicit_resolvers = yaml.SafeDumper.yaml_implicit_resolvers | {None: _SCALARS}

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.Node:
        # In any other style PyYAML writes U+0085 and its like as they are, and reads them as line ends.
        return self.represent_scalar(_TAG + "str", text, style=None if text.isprintable() else '"')


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(list, lambda dumper, value: dumper.represent_sequence(_TAG + "seq", value, flow_style=True))


class _Builder:
    """Turns nodes into values. What an alias stands for is built anew at every place that uses it."""

    def __init__(self, document: Document, origin_at: OriginAt) -> None:
        self.document = document
        self.origin_at = origin_at
        self.count = 0

    def origin_of(self, node: yaml.Node) -> Origin:
        return self.origin_at(node.start_mark.line + 1, node.start_mark.column)

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self.count += 1
        _check_size(len(path), self.count, node.start_mark)
        self.document.origins.setdefault(path, self.origin_of(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(entry, (*path, index)) for index, entry in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            origin = self.origin_of(key)
            if not isinstance(key, yaml.ScalarNode):
                self.document.mistakes.append(Mistake(origin, path, "a list or a block where a key was expected"))
            elif key.value in values:
                first = self.document.origins[*path, key.value].where
                self.document.mistakes.append(Mistake(origin, (*path, key.value), f"given before at {first}; keep one"))
            else:
                self.document.origins[*path, key.value] = origin
                values[key.value] = self.value(value, (*path, key.value))
        return values

    def scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        kind, text = node.tag.removeprefix(_TAG), node.value
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return int(text, 0)
        if kind == "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        if kind == _LEADING_ZERO:
            number = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text)
            reason = f'{text} may mean a number or a text; write {number} or, in quotes, "{text}"'
            self.document.mistakes.append(Mistake(self.document.origin(path), path, reason))
        return text


def _check_size(depth: int, count: int, mark: yaml.Mark) -> None:
    if depth > MAX_DEPTH:
        raise _Refusal(problem=f"nested deeper than {MAX_DEPTH} levels", problem_mark=mark)
    if count > MAX_VALUES:
        problem = f"more than {MAX_VALUES} values, each use of an alias counted"
        raise _Refusal(problem=problem, problem_mark=mark)


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line of a syntax error and what is wrong there, in plain words."""
    problem = error.problem or ""
    mark = error.problem_mark
    reason = problem if isinstance(error, _Refusal) else f"not valid YAML ({problem})"
    for pattern, words in _SLIPS:
        if found := re.search(pattern, problem):
            reason = found.expand(words)
            # Unclosed things are mended where they were opened, not where PyYAML gave up.
            if "opened here" in words or "this line has" in words:
                mark = error.context_mark or mark
            break
    return (mark.line + 1 if mark else 1), reason
