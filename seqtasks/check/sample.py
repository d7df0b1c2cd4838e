"""Few rows that stand for many: evenly spaced ones, and the longest of all."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset


def spread(rows: Dataset, count: int) -> Dataset:
    """At most `count` rows, evenly spaced."""
    return rows if len(rows) <= count else rows.select(np.linspace(0, len(rows) - 1, count).astype(int))


def with_longest(rows: Dataset, count: int) -> Dataset:
    """At most `count` evenly spaced rows and, of all rows, the longest text or list of each column."""
    chosen = set(np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int).tolist())
    for name in rows.column_names:
        lengths = _lengths(rows.select_columns(name).with_format("arrow")[:][name])
        if lengths is not None:
            chosen.add(int(np.argmax(lengths.to_numpy())))
    return rows.select(sorted(chosen))


def _lengths(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Characters of each text, entries of each list; None for pictures."""
    if pa.types.is_string(column.type):
        return pc.utf8_length(column)
    return pc.list_value_length(column) if pa.types.is_list(column.type) else None
