"""One writer at a time: a lock on a run directory that ends with its process, however that ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from seqtasks.errors import RunError
from seqtasks.files import TEMPORARIES

LOCK = ".lock"


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other processes from writing a run directory.

    It is made if there is none, and taken away again if nothing has been written. What a killed process has left half
    written is removed.

    Args:
        directory: of the run.

    Raises:
        RunError: another process writes it, or it cannot be made.
    """
    made = [path for path in (directory, *directory.parents) if not path.exists()]
    lock = FileLock(directory / LOCK, timeout=0)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{directory}: another process is writing this run; expected one at a time; wait until it has ended, or "
            "choose another --output"
        ) from None
    except OSError as error:
        raise RunError(
            f"{directory}: cannot be made or written ({error.strerror}); expected a writable place; choose another "
            "with --output"
        ) from None
    try:
        for folder in (directory, directory / "checkpoints"):
            for temporary in folder.glob(TEMPORARIES):
                temporary.unlink(missing_ok=True)
        yield
    finally:
        (directory / LOCK).unlink(missing_ok=True)  # filelock sees it if another process has just opened this file
        if is_free(directory):
            for path in made:
                path.rmdir()
        lock.release()


def is_free(directory: Path) -> bool:
    """Whether nothing has been written into a directory, but for what a process leaves that is killed at its start."""
    return all(path.name == LOCK or path.match(TEMPORARIES) for path in directory.iterdir())
