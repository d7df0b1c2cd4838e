"""Sets on the Hub that a script of their owner makes, which `datasets` does not run: what the Hub has made with it.

A branch of such a set has a folder of Parquet files for each configuration
(https://huggingface.co/docs/dataset-viewer/parquet).
"""

from pathlib import Path

import datasets
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from huggingface_hub.hf_api import RepoFolder

from seqtasks.data.missing import missing
from seqtasks.errors import DataError

_BRANCH = "refs/convert/parquet"


def is_script(error: Exception) -> bool:
    """Whether `datasets` has refused a set because a script makes it."""
    return isinstance(error, RuntimeError) and "Dataset scripts are no longer supported" in str(error)


def fetch_converted(path: str, name: str | None) -> Path | None:
    """The folder of a configuration's Parquet files, from the Hub or, without a network, as it was last fetched.

    The whole configuration is fetched, for streams too; the Hub converts up to 5 GB of a set.

    Args:
        path: the set's id on the Hub.
        name: of the configuration; None where there is but one.

    Returns:
        None where there are none.

    Raises:
        DataError: there is no such configuration, or several and none is named.
    """
    offline = datasets.config.HF_HUB_OFFLINE
    try:
        if offline:
            fetched = snapshot_download(path, repo_type="dataset", revision=_BRANCH, local_files_only=True)
            names = sorted(entry.name for entry in Path(fetched).iterdir() if entry.is_dir())
        else:
            entries = HfApi().list_repo_tree(path, repo_type="dataset", revision=_BRANCH)
            names = sorted(entry.path for entry in entries if isinstance(entry, RepoFolder))
        if not names:
            return None
        if name is None and len(names) > 1:
            raise DataError(f"dataset.name: missing; {path} has {', '.join(names)}; choose one")
        if name is not None and name not in names:
            raise missing("dataset.name", "configuration", name, names)
        name = name or names[0]
        fetched = snapshot_download(
            path, repo_type="dataset", revision=_BRANCH, allow_patterns=f"{name}/*", local_files_only=offline
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError):
        return None
    return Path(fetched) / name
