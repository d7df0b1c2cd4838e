"""A run by its path, or by its name on the Hub: what every command that only reads runs begins with."""

from difflib import get_close_matches
from pathlib import Path

from seqtasks.checksums import SUMS, checksummed
from seqtasks.errors import HubError
from seqtasks.share.contents import FETCHED, UNSEALED
from seqtasks.share.hub import endpoint, in_words, is_offline
from seqtasks.share.names import HubName


def find_run(run: str | Path) -> Path:
    """The directory of a run.

    Args:
        run: a folder, which comes first whatever its name; or `USER/NAME` or `USER/NAME@REVISION` on the Hub, which
            is downloaded into the cache of the Hub's client, where a second use finds it.

    Returns:
        The folder; a path that is neither is given back, for the reader of runs to say so.

    Raises:
        HubError: the Hub has no such run, or cannot be reached.
    """
    path = Path(run)
    if path.exists() or (name := HubName.parse(run)) is None:
        return path
    return _fetch(name, path)


def _fetch(name: HubName, path: Path) -> Path:
    from huggingface_hub import snapshot_download

    from seqtasks.data.origin import hub_answers

    close = get_close_matches(path.name, _neighbours(path), n=1)
    hint = f' (did you mean "{path.with_name(close[0])}"?)' if close else ""
    absent = (
        f"no such model at {endpoint()}; expected a run directory, or USER/NAME on the Hub; check the spelling; for "
        "a private model run `hf auth login` or set HF_TOKEN"
    )
    # Asked first, for the client waits for minutes where a network swallows what it sends.
    local = is_offline() or not hub_answers()
    with in_words(name, absent=absent, before=f"there is no such folder here{hint}, and "):
        folder = Path(
            snapshot_download(
                name.repo,
                revision=name.revision,
                allow_patterns=list(FETCHED),
                ignore_patterns=["*/*"],
                local_files_only=local,
            )
        )
    _check_sealed(name, folder)
    return folder


def _neighbours(path: Path) -> list[str]:
    return [entry.name for entry in path.parent.iterdir() if entry.is_dir()] if path.parent.is_dir() else []


def _check_sealed(name: HubName, folder: Path) -> None:
    """A run from elsewhere has a checksum for each of its files; what they hold is compared when it is opened."""
    expected = f"expected what `seqtasks push` uploads; look at {endpoint()}/{name.repo}"
    if not (folder / SUMS).exists() or not (folder / "environment.json").exists():
        raise HubError(f"{name}: there is no run of seqtasks in it; {expected}")
    named = checksummed(folder)
    for pattern in FETCHED:
        for file in sorted(folder.glob(pattern)):
            if file.name not in named | UNSEALED:
                raise HubError(f"{name}: {SUMS} does not name {file.name}; {expected}")
