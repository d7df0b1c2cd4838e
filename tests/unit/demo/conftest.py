"""A run directory of every task with random weights: a page shows it as one that was trained, and it costs no time."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cases import make_rows
from exported_runs import predictor_of
from report_runs import PRIMARY, a_score

from seqtasks.files import write_json
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks.inference import predict
from seqtasks.training.checkpoint import model_tensors, save_weights


def write_demo_run(path: Path, name: str, **replaced: str) -> Path:
    predictor = predictor_of(name, **replaced)
    task, rows = predictor.task, make_rows(name)
    RunDirectory.create(path, task.recipe, command="seqtasks run", resume=False, overwrite=False)
    task.save(path)
    save_weights(path / "model.safetensors", model_tensors(predictor.model))
    answers = predict(task, predictor.model, task.encode(rows), tokens_per_batch=10_000)
    lines = [json.dumps(record) + "\n" for record in task.records(rows, answers)]
    (path / "predictions.jsonl").write_text("".join(lines), encoding="utf-8")
    score = a_score(PRIMARY[name], 0.8, low=0.7, high=0.9).to_dict()
    write_json(path / "scores.json", {"primary": PRIMARY[name], "test": {"scores": [score]}})
    split = {"rows": 1234, "tokens": 9, "mean_length": 3.0, "max_length": 4}
    data = {"dataset": {"path": "memory", "title": "Small <set>"}, "splits": {"train": split}, "parameters": 5678}
    write_json(path / "data.json", data)
    return path


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The run directory of a task."""
    home = tmp_path_factory.mktemp("demo")

    def make(name: str) -> Path:
        return home / name if (home / name).exists() else write_demo_run(home / name, name)

    return make


@pytest.fixture(scope="session")
def page_of(demo_run: Callable[[str], Path]) -> Callable[[str], Any]:
    """The page of a task, built once."""
    from seqtasks.demo import build_page

    return cache(lambda name: build_page(demo_run(name)))


@pytest.fixture(scope="session")
def answers_of(page_of: Callable[[str], Any]) -> Callable[[str], dict[str, Callable[..., Any]]]:
    """What the page of a task calls, by the functions' names."""
    return lambda name: {function.name: function.fn for function in page_of(name).fns.values()}
