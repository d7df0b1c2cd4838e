"""A file of lines that grows beside its place and takes it when it is whole, so that a stopped command can go on."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seqtasks.errors import DataError
from seqtasks.lock import exclusive


@contextmanager
def growing(output: Path, *, resume: bool, overwrite: bool) -> Iterator[tuple[int, Callable[[str], None]]]:
    """Lines so far, and a function that appends whole lines; `OUTPUT.partial` becomes `output` if the block succeeds.

    Args:
        output: the file that is wanted.
        resume: keep the whole lines that an earlier process has left.
        overwrite: replace `output`.

    Raises:
        DataError: something is there and no flag allows it, or another process writes it.
    """
    growth = output.with_name(output.name + ".partial")
    if output.exists() and not overwrite:
        raise DataError(
            f"{output}: is there already; expected a new file; add --overwrite to replace it, or choose another "
            "--output"
        )
    if growth.exists() and not (resume or overwrite):
        raise DataError(
            f"{growth}: an earlier command was stopped while it wrote this; expected none; add --resume to go on with "
            "it, or --overwrite to begin again"
        )
    lock = output.with_name(output.name + ".lock")
    with exclusive(lock, output), growth.open("r+b" if resume and growth.exists() else "w+b") as file:
        done = _drop_broken_line(file)

        def write(lines: str) -> None:
            file.write(lines.encode())
            file.flush()

        yield done, write
        os.fsync(file.fileno())
        growth.replace(output)


def _drop_broken_line(file: BinaryIO) -> int:
    """Cut off what stands behind the last line end; how many whole lines there are."""
    lines = end = 0
    while block := file.read(1 << 20):
        lines += block.count(b"\n")
        if (place := block.rfind(b"\n")) >= 0:
            end = file.tell() - len(block) + place + 1
    file.seek(end)
    file.truncate()
    return lines
