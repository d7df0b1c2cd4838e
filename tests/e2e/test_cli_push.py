"""A run goes to the Hub and comes back, for every task."""

import json

import pytest
from stand_in_hub import Hub, point_client_at, running_hub
from tiny_tasks import TASKS, seqtasks

LINES = "the film is good\nthe story was bad\n"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    with running_hub() as hub:
        point_client_at(hub.address, tmp_path / "cache", monkeypatch)
        yield hub


@pytest.mark.parametrize("task", TASKS)
def test_what_comes_back_answers_alike(task, home, runs, hub: Hub, tmp_path, monkeypatch):
    pushed = seqtasks("push", runs[task], f"ada/{task}")
    assert (pushed.exit_code, pushed.stdout) == (0, f"{hub.address}/ada/{task}\n")
    monkeypatch.chdir(tmp_path)  # nothing is found by accident
    lines = LINES if task != "captioning" else _picture(tmp_path)
    here = seqtasks("predict", runs[task], "--json", stdin=lines)
    there = seqtasks("predict", f"ada/{task}", "--json", stdin=lines)
    assert there.exit_code == 0, there.output
    assert there.stdout == here.stdout
    assert [json.loads(line) for line in there.stdout.splitlines()]


def _picture(folder):
    from PIL import Image

    Image.new("L", (8, 8), 40).save(folder / "dark.png")
    return f"{folder / 'dark.png'}\n"
