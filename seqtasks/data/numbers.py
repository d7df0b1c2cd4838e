"""Columns of numbers: one number, or a list of them, or a list of frames, in each row."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seqtasks.errors import DataError


def numbers(columns: Mapping[str, pa.ChunkedArray]) -> pa.ChunkedArray:
    """Lists of float32, however deep; single numbers become lists of one, several columns of them one list.

    Args:
        columns: the columns that make up a role, by what messages call them.

    Raises:
        DataError: a column holds something else, or a value is missing or not finite.
    """
    checked = [_checked(array, where=where) for where, array in columns.items()]
    if len(checked) == 1 and _is_list(checked[0].type):
        return checked[0]
    for where, array in zip(columns, checked, strict=True):
        if _is_list(array.type):
            raise DataError(f"{where} holds lists; expected one number in each row beside the others; leave it out")
    flat = np.stack([array.to_numpy() for array in checked], axis=1)
    offsets = np.arange(len(flat) + 1, dtype=np.int32) * flat.shape[1]
    return pa.chunked_array([pa.ListArray.from_arrays(pa.array(offsets), pa.array(flat.reshape(-1)))])


def _checked(array: pa.ChunkedArray, *, where: str) -> pa.ChunkedArray:
    """As float32, every value there and finite."""
    leaves, depth = array, 0
    while _is_list(leaves.type):
        _refuse(leaves.is_null(), array, depth, where=where, what="no value")
        leaves, depth = pc.list_flatten(leaves), depth + 1
    types = pa.types
    if not (types.is_integer(leaves.type) or types.is_floating(leaves.type) or types.is_boolean(leaves.type)):
        raise DataError(f"{where} holds {array.type}; expected numbers; choose another column")
    _refuse(leaves.is_null(), array, depth, where=where, what="no value")
    leaves = leaves.cast(pa.float32())
    _refuse(pc.invert(pc.is_finite(leaves)), array, depth, where=where, what="a value that is not finite")
    kind: pa.DataType = pa.float32()
    for _ in range(depth):
        kind = pa.list_(kind)
    return array.cast(kind)


def _refuse(bad: pa.ChunkedArray, array: pa.ChunkedArray, depth: int, *, where: str, what: str) -> None:
    """Name the row of the first bad leaf, `depth` lists down."""
    if not pc.any(bad).as_py():
        return
    place = pc.index(bad, True).as_py()
    for level in range(depth - 1, -1, -1):
        parents = array
        for _ in range(level):
            parents = pc.list_flatten(parents)
        place = pc.list_parent_indices(parents.combine_chunks())[place].as_py()
    raise DataError(
        f"{where} has {what} in row {place} (the first row is 0); expected a finite number everywhere; "
        "leave such rows out of the data or choose another split"
    )


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))
