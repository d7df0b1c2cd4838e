"""Arrays out of a file that NumPy pickled, without unpickling it: whatever the file says, nothing of it is run.

`numpy.save` pickles what is not a plain array, such as a dictionary of arrays, and loading a pickle may call any
function that it names. Here the standard library's `pickletools` splits the file into its opcodes, which runs nothing,
and those of numbers, text, lists, tuples, dictionaries and arrays are followed. A file that holds anything else is
refused.
"""

import pickletools
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqtasks.errors import DataError

_MARK = object()
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "MARK": _MARK}
_VALUES = {"BININT", "BININT1", "BININT2", "BINUNICODE"}
_PUTS = {"BINPUT", "LONG_BINPUT"}
_GETS = {"BINGET", "LONG_BINGET"}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


@dataclass(frozen=True)
class _Name:
    """A function or class that the file names; it is never looked up."""

    name: str


@dataclass
class _Type:
    """A NumPy type: its code (`f8`, `i8`, `O8`) and then its byte order."""

    code: str
    order: str = "|"


@dataclass
class _Array:
    """An array before and after its contents are known."""

    values: Any = None


def read_pickled_arrays(content: bytes) -> Any:
    """The object in the file, as NumPy would give it if it were allowed to unpickle.

    Args:
        content: the file that `numpy.save` wrote of a Python object, in the second protocol of pickle.

    Raises:
        DataError: it holds more than arrays of numbers, text, lists, tuples and dictionaries.
    """
    _, _, pickled = content.partition(b"\n")  # the one line before it is NumPy's description
    stack: list[Any] = []
    memo: dict[Any, Any] = {}
    try:
        for opcode, argument, _ in pickletools.genops(pickled):
            _follow(opcode.name, argument, stack, memo)
        (outer,) = stack
        (value,) = outer.values
        return _plain(value)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DataError(
            f"pickled arrays: the file holds something other than arrays, numbers, text, lists, tuples and "
            f"dictionaries ({error}); nothing else is read from a pickle"
        ) from error


def _follow(name: str, argument: Any, stack: list[Any], memo: dict[Any, Any]) -> None:
    """Does to the stack what one opcode says."""
    if name in _CONSTANTS:
        stack.append(_CONSTANTS[name])
    elif name in _VALUES:
        stack.append(argument)
    elif name == "GLOBAL":
        stack.append(_Name(argument))
    elif name in _PUTS:
        memo[argument] = stack[-1]
    elif name in _GETS:
        stack.append(memo[argument])
    elif name in _TUPLES:
        start = len(stack) - _TUPLES[name]
        stack[start:] = [tuple(stack[start:])]
    elif name == "TUPLE":
        stack.append(tuple(_since_mark(stack)))
    elif name == "EMPTY_LIST":
        stack.append([])
    elif name == "EMPTY_DICT":
        stack.append({})
    elif name == "APPEND":
        value = stack.pop()
        stack[-1].append(value)
    elif name == "APPENDS":
        values = _since_mark(stack)
        stack[-1].extend(values)
    elif name == "SETITEMS":
        values = _since_mark(stack)
        stack[-1].update(zip(values[::2], values[1::2], strict=True))
    elif name == "REDUCE":
        arguments = stack.pop()
        stack.append(_made(stack.pop(), arguments))
    elif name == "BUILD":
        state = stack.pop()
        _fill(stack[-1], state)
    elif name not in ("PROTO", "STOP"):
        raise ValueError(f"opcode {name}")


def _since_mark(stack: list[Any]) -> list[Any]:
    start = max(place for place, value in enumerate(stack) if value is _MARK)
    values = stack[start + 1 :]
    del stack[start:]
    return values


def _made(name: _Name, arguments: tuple[Any, ...]) -> Any:
    """What the three functions that an array's pickle names would return."""
    match name.name:
        case "_codecs encode":
            text, encoding = arguments
            if encoding != "latin1":
                raise ValueError(f"bytes in {encoding}")
            return text.encode("latin1")
        case "numpy dtype":
            return _Type(arguments[0])
        case "numpy.core.multiarray _reconstruct" | "numpy._core.multiarray _reconstruct":
            return _Array()
        case other:
            raise ValueError(f"the name {other}")


def _fill(target: Any, state: tuple[Any, ...]) -> None:
    """The second half of making a type or an array."""
    if isinstance(target, _Type):
        target.order = state[1]
    elif isinstance(target, _Array):
        _, shape, kind, fortran_order, contents = state
        if kind.code == "O8":
            target.values = contents
        else:
            order = "=" if kind.order == "|" else kind.order
            values = np.frombuffer(contents, dtype=np.dtype(f"{order}{kind.code}"))
            target.values = values.reshape(shape, order="F" if fortran_order else "C")
    else:
        raise ValueError(f"the state of a {type(target).__name__}")


def _plain(value: Any) -> Any:
    """Arrays in place of their wrappers."""
    match value:
        case _Array():
            return _plain(value.values)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value
