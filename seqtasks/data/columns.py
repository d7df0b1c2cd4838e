"""From the columns of a data set to the roles of a task: chosen, renamed, checked and brought to plain types.

Tasks see strings, lists of strings, pictures and lists of numbers, whatever the source holds. Everything happens on
Arrow arrays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.compute as pc

from seqtasks.data.audio import is_sound, sound_frames
from seqtasks.data.factors import SEPARATOR
from seqtasks.data.kinds import TEXT, WORDS, is_numeric
from seqtasks.data.missing import missing
from seqtasks.data.numbers import numbers
from seqtasks.errors import DataError


def choose_columns(
    rows: datasets.Dataset, columns: Mapping[str, str | list[str]], *, split: str, sampling_rate: int = 16_000
) -> datasets.Dataset:
    """A data set whose columns are exactly the roles.

    Class names take the place of `ClassLabel` numbers; whole numbers and booleans (`true`, `false`) become strings,
    in lists too. Pictures (`datasets.Image`) stay as they are.

    Args:
        rows: any data set with at least one row.
        columns: role to column; a dot reaches into a struct, as in `translation.en`. Several columns of numbers make
            one of lists, several of lists of words one of words with factors.
        split: the split as the recipe writes it, for messages.
        sampling_rate: to which sounds are brought before their frames are computed.

    Raises:
        DataError: a column is missing, of no such type, or has rows without a value.
    """
    table = rows.with_format("arrow")[:]
    arrays, images = {}, {}
    for role, path in columns.items():
        where = f"dataset.columns.{role}"
        columns_of_role = {name: _reach(table, rows.features, name, where=where) for name in _names(path)}
        array, feature = next(iter(columns_of_role.values()))
        named = {f'{where}: column "{name}" of {split}': found for name, found in columns_of_role.items()}
        if is_numeric(role, feature):
            reached = {place: found for place, (found, _) in named.items()}
            if is_sound(array.type) and len(reached) == 1:
                arrays[role] = sound_frames(array, sampling_rate, where=next(iter(reached)))
            else:
                arrays[role] = numbers(reached)
            continue
        if isinstance(feature, datasets.Image):
            images[role], arrays[role] = feature, array
            _check_values(array, where=next(iter(named)))
        else:
            arrays[role] = _texts(named)
    chosen = pa.table(arrays)
    features = datasets.Features({**datasets.Features.from_arrow_schema(chosen.schema), **images})
    return as_dataset(chosen, features)


def as_dataset(table: pa.Table, features: datasets.Features) -> datasets.Dataset:
    """A table as a data set, at no cost: left to itself, `datasets` takes a fingerprint of a pickled copy of it."""
    fingerprint = datasets.fingerprint.generate_random_fingerprint()
    return datasets.Dataset(table, info=datasets.DatasetInfo(features=features), fingerprint=fingerprint)


def _names(path: str | list[str]) -> list[str]:
    return [path] if isinstance(path, str) else path


def _reach(table: pa.Table, features: Mapping[str, Any], path: str, *, where: str) -> tuple[pa.ChunkedArray, Any]:
    """The column at a dotted path and its feature; a column whose own name has dots comes first."""
    name, *fields = [path] if path in features else path.split(".")
    if path not in _paths(features):
        raise missing(where, "column", path, _paths(features), advice=f"set {where} to one of them")
    array, feature = table[name], features[name]
    for field in fields:
        array, feature = pc.struct_field(array, field), _fields(feature)[field]
    return array, feature


def _paths(features: Mapping[str, Any]) -> list[str]:
    """What `columns` may name: every column, and instead of a struct its fields, behind a dot."""
    paths = []
    for name, feature in features.items():
        paths += [f"{name}.{inner}" for inner in _paths(_fields(feature))] or [name]
    return paths


def _fields(feature: Any) -> Mapping[str, Any]:
    """The features inside a struct; nothing for any other feature, and nothing for a sound, which is taken whole."""
    if isinstance(feature, datasets.Translation):
        return dict.fromkeys(feature.languages, datasets.Value("string"))
    return feature if isinstance(feature, Mapping) and set(feature) != {"bytes", "path"} else {}


def _texts(columns: Mapping[str, tuple[pa.ChunkedArray, Any]]) -> pa.ChunkedArray:
    """A column of strings or of lists of strings; of several, words with their factors."""
    found = []
    for where, (array, feature) in columns.items():
        found.append(_plain(array, feature, where=where))
        _check_values(found[-1], where=where)
        if len(columns) > 1 and not _is_list(found[-1].type):
            raise DataError(f"{where} holds {TEXT}; expected {WORDS} in each row; choose another column")
    return found[0] if len(found) == 1 else _join_factors(found, where=next(iter(columns)))


def _join_factors(columns: Sequence[pa.ChunkedArray], *, where: str) -> pa.ChunkedArray:
    """Lists of words and lists of their factors as lists of tokens.

    Args:
        columns: of type `list<string>` without nulls, the words first.
        where: what they are, for messages.

    Raises:
        DataError: a row has lists of different lengths, or a word holds the sign that stands between factors.
    """
    lists = [column.combine_chunks() for column in columns]
    lengths = [pc.list_value_length(column) for column in lists]
    for further in lengths[1:]:
        if (row := pc.index(pc.equal(further, lengths[0]), False).as_py()) >= 0:
            raise DataError(
                f"{where}: row {row} has {lengths[0][row]} words and {further[row]} factors; expected as many of both; "
                "mend or remove the row"
            )
    values = [column.flatten() for column in lists]
    for strings in values:
        if (place := pc.index(pc.match_substring(strings, SEPARATOR), True).as_py()) >= 0:
            raise DataError(
                f'{where}: "{strings[place]}" holds {SEPARATOR}, which stands between a word and its factors; expected '
                "words without it; replace it"
            )
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths[0])])
    joined = pc.binary_join_element_wise(*values, SEPARATOR)
    return pa.chunked_array([pa.ListArray.from_arrays(offsets, joined)])


def _plain(array: pa.ChunkedArray, feature: Any, *, where: str) -> pa.ChunkedArray:
    """Strings, or lists of strings."""
    if not _is_list(array.type):
        return _strings(array, feature, where=where)
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)
    chunks = []
    for chunk in array.cast(pa.list_(array.type.value_type)).chunks:
        values = _strings(chunk.flatten(), inner, where=where)
        lengths = pc.fill_null(pc.list_value_length(chunk), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths)])
        chunks.append(pa.ListArray.from_arrays(offsets, values, mask=chunk.is_null()))
    return pa.chunked_array(chunks, type=pa.list_(pa.string()))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _strings(array: Any, feature: Any, *, where: str) -> Any:
    """An array or chunked array as strings; class names where the feature has them."""
    if isinstance(feature, datasets.ClassLabel):
        # -1 is the Hub's sign for a row whose label is kept secret.
        numbers = pc.if_else(pc.less(array, 0), None, array)
        return pc.take(pa.array(feature.names, pa.string()), numbers)
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    types = pa.types
    accepted = (types.is_string, types.is_large_string, types.is_integer, types.is_boolean, types.is_null)
    if not any(accepts(kind) for accepts in accepted):
        raise DataError(
            f"{where} holds {kind}; expected text, class names, whole numbers, lists of these, or pictures; "
            "choose another column"
        )
    return array.cast(pa.string())


def _check_values(array: pa.ChunkedArray, *, where: str) -> None:
    """Raise for the first row that is null or, in a list, holds a null."""
    row = None
    if array.null_count:
        row = pc.index(array.is_null(), True).as_py()
    elif _is_list(array.type) and pc.list_flatten(array).null_count:
        row = next(number for number, values in enumerate(array.to_pylist()) if None in values)
    if row is not None:
        raise DataError(
            f"{where} has no value in row {row} (the first row is 0); expected one in every row; "
            "leave such rows out of the data or choose another split"
        )
