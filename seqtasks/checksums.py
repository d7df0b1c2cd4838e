"""`SHA256SUMS`: whether the files of a run are those that were written; `sha256sum -c SHA256SUMS` reads it too."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from seqtasks.errors import RunError
from seqtasks.files import write_text

SUMS = "SHA256SUMS"


def write_checksums(directory: Path, names: Iterable[str]) -> None:
    """Note what files hold, in place of what was noted before."""
    write_text(directory / SUMS, "".join(f"{_digest(directory / name)}  {name}\n" for name in sorted(names)))


def check_checksums(directory: Path) -> None:
    """Compare files with what was noted of them; without a note nothing is compared.

    Raises:
        RunError: one is missing, or has been damaged or changed.
    """
    try:
        lines = (directory / SUMS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{directory / SUMS}: cannot be read ({error}); expected checksums; delete it") from None
    for number, line in enumerate(lines, start=1):
        expected, separator, name = line.partition("  ")
        if not separator or Path(name).name != name:
            raise RunError(f"{directory / SUMS}:{number}: no checksum and file name; expected both; delete the line")
        try:
            found = _digest(directory / name)
        except OSError as error:
            raise RunError(
                f"{directory / name}: cannot be read ({error.strerror}); expected the file that the run has written; "
                "restore it, or start the run again with --overwrite"
            ) from None
        if found != expected:
            raise RunError(
                f"{directory / name}: is damaged or was changed, its SHA-256 is not that in {SUMS}; expected the file "
                f"that the run has written; restore it, or, if the change is meant, delete its line from {SUMS}"
            )


def checksummed(directory: Path) -> set[str]:
    """The names of the files whose content is on record."""
    return {line.partition("  ")[2] for line in (directory / SUMS).read_text(encoding="utf-8").splitlines()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
