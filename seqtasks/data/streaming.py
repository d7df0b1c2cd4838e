"""Reading a column of any length a slice at a time.

A column of a data set lies in Arrow. Its values become Python objects when they are read: all at once they take many
times the memory, one by one a hundred times the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

CHUNK = 10_000
"""Values that are Python objects at the same time."""

Value = TypeVar("Value")


def stream(values: Iterable[Value]) -> Iterator[Value]:
    """The values in order, one by one to the caller."""
    return chain.from_iterable(chunks(values))


def chunks(values: Iterable[Value]) -> Iterator[Sequence[Value]]:
    """The values in order, `CHUNK` of them at a time: slices of a sequence, pieces of anything else."""
    if isinstance(values, Sequence):
        for start in range(0, len(values), CHUNK):
            yield values[start : start + CHUNK]
    else:
        iterator = iter(values)
        while chunk := list(islice(iterator, CHUNK)):
            yield chunk
