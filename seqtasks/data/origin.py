"""Opening a data set, wherever it lies.

catalog/NAME                         seqtasks.data.catalog
csv, json, parquet, text, conllu     files named by data_files
a folder, or an id on the Hub        datasets.load_dataset; seqtasks.data.converted where a script makes the set
"""

import glob
import hashlib
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import datasets
import huggingface_hub

from seqtasks.data import catalog
from seqtasks.data.conllu import read_conllu
from seqtasks.data.converted import fetch_converted, is_script
from seqtasks.data.missing import missing
from seqtasks.errors import DataError
from seqtasks.recipe.blocks import DatasetBlock

FORMATS = ("csv", "json", "parquet", "text", "conllu")
"""Values of `path` that read the files named by `data_files`."""

_HUB_ID = re.compile(r"[A-Za-z0-9_][\w.-]*(/[A-Za-z0-9_][\w.-]*)?")
_HUB_TIMEOUT = 5.0  # seconds

Rows: TypeAlias = "datasets.Dataset | datasets.IterableDataset"


def open_source(block: DatasetBlock) -> Mapping[str, Rows]:
    """All splits of a source, on disk or as streams.

    Raises:
        DataError: it does not exist, cannot be reached or cannot be read.
    """
    if block.path.startswith("catalog/"):
        return catalog.load(block.path.removeprefix("catalog/"), block.name)
    if block.path in FORMATS:
        files = _files(block)
        if block.path == "conllu":
            return {split: read_conllu(paths) for split, paths in files.items()}
    elif not Path(block.path).is_dir() and not _HUB_ID.fullmatch(block.path):
        raise _no_folder(block.path)
    with _offline_if_unreachable(block.path):
        try:
            return datasets.load_dataset(
                block.path,
                block.name,
                data_files=block.data_files,
                revision=block.revision,
                streaming=block.streaming,
                cache_dir=cache_of(block.path),
            )
        # Each format and protocol has errors of its own; all of them are about the source.
        except Exception as error:
            is_main_branch = block.data_files is None and block.revision is None and not Path(block.path).is_dir()
            if is_main_branch and (is_script(error) or _is_offline(error)):
                folder = fetch_converted(block.path, block.name)
                if folder is not None:
                    return open_source(block.model_copy(update={"path": str(folder), "name": None}))
            raise reading_error(block.path, error) from error


def _is_offline(error: Exception) -> bool:
    return isinstance(error, ConnectionError)


def cache_of(path: str) -> str | None:
    """Where `datasets` may keep its copy of a folder; None: where it keeps all others.

    It knows a folder by its last name alone: another of that name, or the same with other files, would be answered with
    the rows of the first. So each state of a folder has a place of its own.
    """
    folder = Path(path)
    if not folder.is_dir():
        return None
    state = hashlib.sha256(str(folder.resolve()).encode())
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        known = file.stat()
        state.update(f"{file.relative_to(folder)} {known.st_size} {known.st_mtime_ns}".encode())
    return str(Path(datasets.config.HF_DATASETS_CACHE) / "folders" / state.hexdigest()[:16])


def reading_error(path: str, error: Exception) -> DataError:
    """One line for what `datasets` raises while it finds or reads a source."""
    reason = " ".join(str(error.__cause__ or error).split())
    where = f"dataset.path: {path}: {reason}"
    if _is_offline(error):
        return DataError(
            f"{where}; expected a network, as the set is not in the local cache; connect, name a local folder, "
            f"or use a catalog set ({', '.join(catalog.names())})"
        )
    if isinstance(error, FileNotFoundError):
        return DataError(f"{where}; expected a folder here, or an id on the Hub; check the spelling")
    return DataError(f"{where}; expected what datasets.load_dataset can read; mend the dataset block or the files")


def _files(block: DatasetBlock) -> dict[str, list[str]]:
    """The files of each split, wildcards expanded, so that a missing file is named before anything is read."""
    named = block.data_files if isinstance(block.data_files, dict) else {"train": block.data_files or []}
    return {
        split: [path for pattern in ([given] if isinstance(given, str) else given) for path in _expand(pattern)]
        for split, given in named.items()
    }


def _expand(pattern: str) -> list[str]:
    if "://" in pattern:
        return [pattern]
    paths = sorted(glob.glob(pattern, recursive=True))
    if not paths:
        folder = Path(pattern).parent
        present = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        where = f"dataset.data_files: {pattern}"
        raise missing(where, "file", Path(pattern).name, present, advice=f"look into {folder.resolve()}")
    return paths


def _no_folder(path: str) -> DataError:
    if Path(path).is_file():
        suffix = Path(path).suffix.removeprefix(".")
        kind = {"jsonl": "json", "txt": "text"}.get(suffix, suffix)
        kind = kind if kind in FORMATS else "FORMAT"
        return DataError(
            f"dataset.path: {path} is a file; expected a folder or a format ({', '.join(FORMATS)}); "
            f"write dataset.path={kind} dataset.data_files={path}"
        )
    return DataError(
        f"dataset.path: there is no folder {Path(path).absolute()}; expected a folder, an id on the Hub, "
        f"a format ({', '.join(FORMATS)}) or a catalog set ({', '.join(catalog.names())}); check the spelling"
    )


@contextmanager
def _offline_if_unreachable(path: str) -> Iterator[None]:
    """Spare the user the Hub client's minute of retries: ask once whether the Hub answers, else use the cache alone."""
    config = datasets.config
    before = config.HF_HUB_OFFLINE
    is_remote = path not in FORMATS and not Path(path).is_dir()
    config.HF_HUB_OFFLINE = before or (is_remote and not hub_answers())
    try:
        yield
    finally:
        config.HF_HUB_OFFLINE = before


def hub_answers() -> bool:
    """Whether the Hub can be reached within five seconds."""
    request = urllib.request.Request(huggingface_hub.constants.ENDPOINT, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=_HUB_TIMEOUT).close()
    except urllib.error.HTTPError:
        return True
    except OSError as error:
        # A certificate that only the Hub client trusts is no sign of a missing network.
        return "CERTIFICATE" in str(error)
    return True
