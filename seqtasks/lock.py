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
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(directory, error) from None
    try:
        with exclusive(directory / LOCK, directory):
            for folder in (directory, directory / "checkpoints"):
                for temporary in folder.glob(TEMPORARIES):
                    temporary.unlink(missing_ok=True)
            yield
    finally:
        if is_free(directory):
            for path in made:
                path.rmdir()


@contextmanager
def exclusive(lock_file: Path, what: Path) -> Iterator[None]:
    """Hold a lock while the block runs; the operating system lets go of it when the process ends.

    Args:
        lock_file: made for the time.
        what: is written, for messages.

    Raises:
        RunError: another process holds the lock, or the file cannot be made.
    """
    lock = FileLock(lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(
            f"{what}: another process is writing it; expected one at a time; wait until it has ended, or choose "
            "another --output"
        ) from None
    except OSError as error:
        raise _unwritable(what, error) from None
    try:
        yield
    finally:
        lock_file.unlink(missing_ok=True)  # filelock sees it if another process has just opened this file
        lock.release()


def is_locked(directory: Path) -> bool:
    """Whether a process is writing a run directory."""
    path = directory / LOCK
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _unwritable(what: Path, error: OSError) -> RunError:
    return RunError(
        f"{what}: cannot be made or written ({error.strerror}); expected a writable place; choose another with --output"
    )


def is_free(directory: Path) -> bool:
    """Whether nothing has been written into a directory, but for what a process leaves that is killed at its start."""
    return all(path.name == LOCK or path.match(TEMPORARIES) for path in directory.iterdir())
