"""One writer at a time, and nothing left of one that wrote nothing."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from seqtasks.errors import RunError
from seqtasks.lock import LOCK, is_free, locked

pytest.importorskip("fcntl")


def _hold(directory: Path, ready: object, die: bool) -> None:
    with locked(directory):
        (directory / "file.json").touch()
        (directory / ".file.json.1.tmp").touch()
        ready.set()  # type: ignore[attr-defined]
        if die:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.pause()


@pytest.mark.parametrize("die", [False, True])
def test_the_lock_ends_with_its_process(die, tmp_path):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "run", ready, die))
    process.start()
    try:
        assert ready.wait(60)
        if not die:
            with (
                pytest.raises(RunError, match=r"run: another process is writing it; .*--output"),
                locked(tmp_path / "run"),
            ):
                pass
            assert (tmp_path / "run/.file.json.1.tmp").exists()
    finally:
        process.kill()
        process.join()
    with locked(tmp_path / "run"):
        assert {path.name for path in (tmp_path / "run").iterdir()} == {"file.json", LOCK}
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["file.json"]


def test_what_has_written_nothing_leaves_nothing(tmp_path):
    def fail() -> None:
        with locked(tmp_path / "deep/er/run"):
            assert is_free(tmp_path / "deep/er/run")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_directory_that_was_there_stays(tmp_path):
    with locked(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(RunError, match=r"file/run: cannot be made or written \(Not a directory\)"),
        locked(tmp_path / "file/run"),
    ):
        pass
