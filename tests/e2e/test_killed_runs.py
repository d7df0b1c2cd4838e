"""A run that is killed at any moment, and resumed, leaves the same files bit for bit as one that was not."""

import os
import random
import signal
import time
from pathlib import Path
from typing import get_args

import pytest
from cases import CASES, write_case
from killing import command, contents, finish, start

from seqtasks.recipe.blocks import CellName

pytest.importorskip("fcntl", reason="kills need processes of Unix")


def _resumed_after(moment: str, count: int, recipe: Path, output: Path) -> None:
    assert finish(recipe, output, moment, count) == -signal.SIGKILL
    assert finish(recipe, output) == 0


MOMENTS = [
    ("tokenizer after", 0),
    ("sync", 3),
    ("rename", 0),
    ("rename after", 0),
    ("rename after", 2),
    ("checkpoint", 1),
    ("checkpoint after", 0),
    ("validation", 0),
    ("validation after", 1),
    ("scoring after", 0),
    ("report", 0),
    ("report after", 0),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classification run that nothing has disturbed, `run` beside its recipe `classification.yaml`."""
    folder = tmp_path_factory.mktemp("whole")
    assert finish(write_case(folder, "classification"), folder / "run") == 0
    return folder


@pytest.mark.parametrize(("moment", "count"), MOMENTS)
def test_killed_at_a_moment(moment, count, whole, tmp_path):
    _resumed_after(moment, count, whole / "classification.yaml", tmp_path / "run")
    assert contents(tmp_path / "run") == contents(whole / "run")


@pytest.mark.parametrize("stops", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_stopped_by_signals(stops, whole, tmp_path, report):
    """SIGINT or SIGTERM at random times: the process is gone within ten seconds, and goes on where it was."""
    draw, recipe, answered = random.Random(0), whole / "classification.yaml", 0
    began = time.monotonic()
    assert finish(recipe, tmp_path / "undisturbed") == 0
    duration = time.monotonic() - began
    for index in range(stops):
        output = tmp_path / str(index)
        process = start(recipe, output, target=command)
        time.sleep(draw.uniform(0, duration))
        if process.is_alive():
            os.kill(process.pid, draw.choice([signal.SIGINT, signal.SIGTERM]))
        process.join(10)
        assert process.exitcode is not None, "still running ten seconds after the signal"
        answered += process.exitcode == 130
        assert finish(recipe, output) == 0
        assert contents(output) == contents(whole / "run")
    assert answered
    report(f"{answered} runs stopped by SIGINT or SIGTERM within 10 s and resumed to the same files")


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["sync", "rename after"])
def test_killed_at_each_write(moment, whole, tmp_path, report):
    recipe, expected = whole / "classification.yaml", contents(whole / "run")
    for count in range(1000):
        output = tmp_path / str(count)
        if finish(recipe, output, moment, count) == 0:
            break
        assert finish(recipe, output) == 0
        assert contents(output) == expected
    assert count > 15
    report(f"{count} writes, each killed and resumed to the same files")


@pytest.mark.slow
def test_killed_at_random_times(tmp_path, report):
    """Every task and cell in turn; each run is killed once or several times."""
    draw = random.Random(0)
    pairs = [
        (task, cell) for task in CASES for cell in get_args(CellName) if "CELL" in CASES[task].recipe or cell == "lstm"
    ]
    draw.shuffle(pairs)
    kills = 0
    for task, cell in pairs:
        folder = tmp_path / f"{task} {cell}"
        recipe = write_case(folder, task, cell=cell)
        began = time.monotonic()
        assert finish(recipe, folder / "whole") == 0
        duration = time.monotonic() - began
        for _ in range(draw.randint(1, 3)):
            process = start(recipe, folder / "killed")
            time.sleep(draw.random() * duration)
            process.kill()
            process.join()
            kills += process.exitcode == -signal.SIGKILL
        assert finish(recipe, folder / "killed") == 0
        assert contents(folder / "killed") == contents(folder / "whole"), (task, cell)
    assert kills >= 50
    report(f"{kills} kills at random times over {len(pairs)} pairs of task and cell, resumed to the same files")
