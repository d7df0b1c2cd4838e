"""From a recipe's `dataset` block to the three splits of a run.

The source is opened (`origin`), split by split the rows asked for are read, and their columns become the roles
of the task (`columns`). What comes out is the same for every kind of source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import datasets
import numpy as np
import pyarrow as pa

from seqtasks.data.card import Card, read_card
from seqtasks.data.columns import as_dataset, choose_columns
from seqtasks.data.kinds import check_kinds
from seqtasks.data.missing import missing
from seqtasks.data.origin import Rows, open_source, reading_error
from seqtasks.errors import DataError
from seqtasks.recipe.blocks import DatasetBlock, FrameDatasetBlock

__all__ = ["Card", "Splits", "load_splits", "load_test"]

_ENDLESS = 2**62  # stands for the unknown length of a stream
_STREAM_BATCH = 1000


@dataclass(frozen=True)
class Splits:
    """The rows of a run. The columns of all three data sets are the roles of the task."""

    train: datasets.Dataset
    validation: datasets.Dataset
    test: datasets.Dataset
    card: Card

    @property
    def rows(self) -> dict[str, datasets.Dataset]:
        """The splits by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def load_splits(block: DatasetBlock, *, columns: Mapping[str, str]) -> Splits:
    """Load what a recipe's `dataset` block names.

    Args:
        block: source and splits. `streaming` reads only the rows that a split asks for, such as `train[:1000]`;
            it changes nothing for what lies on disk whole (catalog, conllu).
        columns: role to column, such as `{"text": "sentence", "label": "label"}`.

    Raises:
        DataError: source, split, column, file or value is not there; the message says what is.
    """
    datasets.disable_progress_bars()
    available = open_source(block)
    specs = {"train": block.split.train, "validation": block.split.validation, "test": block.split.test}
    chosen = {
        role: _choose(available, block, spec, columns, role=role) for role, spec in specs.items() if spec is not None
    }
    if block.split.validation is None:
        chosen["train"], chosen["validation"] = _hold_out(chosen["train"], block.validation_fraction)
    return Splits(chosen["train"], chosen["validation"], chosen["test"], read_card(block))


def load_test(block: DatasetBlock, *, columns: Mapping[str, str]) -> datasets.Dataset:
    """The test rows alone of what `load_splits` would load; the other splits need not be there."""
    datasets.disable_progress_bars()
    return _choose(open_source(block), block, block.split.test, columns, role="test")


def _choose(
    available: Mapping[str, Rows], block: DatasetBlock, spec: str, columns: Mapping[str, str], *, role: str
) -> datasets.Dataset:
    """The rows of a split, their columns being the roles of the task."""
    rows = _read_split(available, spec, where=f"dataset.split.{role}", path=block.path)
    options = {"sampling_rate": block.sampling_rate} if isinstance(block, FrameDatasetBlock) else {}
    chosen = choose_columns(rows, columns, split=spec, **options)
    check_kinds(chosen, columns, split=spec)
    return chosen


def _read_split(available: Mapping[str, Rows], spec: str, *, where: str, path: str) -> datasets.Dataset:
    """The rows that a split in `load_dataset`'s notation stands for."""
    for name in (part.split("[")[0].strip() for part in spec.split("+")):
        if name not in available:
            advice = "choose one, or cut it from another, such as train[90%:]"
            raise missing(where, "split", name, available, advice=advice)
    streams = any(isinstance(rows, datasets.IterableDataset) for rows in available.values())
    if streams and re.search(r"\[[^]]*[%-]", spec):
        raise DataError(
            f"{where}: {spec}; expected row numbers counted from the start, as the length of a stream is unknown; "
            "write train[:1000], or set dataset.streaming=false"
        )
    lengths = {name: _ENDLESS if streams else len(rows) for name, rows in available.items()}
    try:
        pieces = datasets.ReadInstruction.from_spec(spec).to_absolute(lengths)
    except ValueError as error:
        raise DataError(f"{where}: {spec} ({error}); expected load_dataset's notation; write train[:90%]") from None
    rows = datasets.concatenate_datasets(
        [_read_rows(available[piece.splitname], piece.from_, piece.to, path=path) for piece in pieces]
    )
    if len(rows) == 0:
        sizes = "an unknown number" if streams else ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise DataError(f"{where}: {spec} has no rows; expected one or more; there are {sizes}")
    return rows


def _read_rows(rows: Rows, start: int, stop: int, *, path: str) -> datasets.Dataset:
    """Rows `start` to `stop` in memory or memory-mapped; a stream is read no further than `stop`."""
    if isinstance(rows, datasets.Dataset):
        # `select` refuses a start behind the last row even for no rows at all.
        return rows.select(range(start, stop) if start < stop else [])
    stream = rows.skip(start).take(stop - start).with_format("arrow")
    try:
        tables = list(stream.iter(batch_size=_STREAM_BATCH))
    # Each format and protocol has errors of its own; all of them are about the source.
    except Exception as error:
        raise reading_error(path, error) from error
    if not tables:
        return datasets.Dataset.from_dict({})
    table = pa.concat_tables(tables, promote_options="permissive")
    return as_dataset(table, rows.features)


def _hold_out(rows: datasets.Dataset, fraction: float) -> tuple[datasets.Dataset, datasets.Dataset]:
    """Training and validation rows, each in the order of the source.

    The draw is the same for every `train.seed`, so that runs of several seeds learn one vocabulary and are chosen on
    the same rows.
    """
    size = max(1, round(fraction * len(rows)))
    if size >= len(rows):
        raise DataError(
            f"dataset.validation_fraction: {fraction} of {len(rows)} training rows leaves none to train on; "
            "expected more rows; name a validation split or lower the fraction"
        )
    drawn = np.random.default_rng(0).permutation(len(rows))
    table = rows.with_format("arrow")[:]
    train, validation = (as_dataset(table.take(np.sort(part)), rows.features) for part in (drawn[size:], drawn[:size]))
    return train, validation
