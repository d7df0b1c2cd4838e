import json
from collections.abc import Callable
from pathlib import Path

import pytest
from report_runs import PREDICTIONS

from seqtasks.errors import RunError
from seqtasks.report.run_files import read_run


@pytest.mark.parametrize("task", PREDICTIONS)
def test_reads_the_runs_of_every_task(write_run: Callable[..., Path], task: str) -> None:
    run = read_run(write_run(task))
    assert run.task == task
    assert [row.index for row in run.predictions] == list(range(len(run.predictions)))
    assert run.log.end is not None
    assert run.log.end.best_step == 2
    assert bool(run.attention) == (task == "translation")


def test_log_and_attention_may_be_absent(write_run: Callable[..., Path]) -> None:
    run = read_run(write_run("translation", log=None, attention=None))
    assert (run.log.train, run.log.evals, run.log.end, run.attention) == ([], [], None, [])


def test_a_step_that_a_resumed_run_repeats_counts_once(write_run: Callable[..., Path]) -> None:
    steps = [
        {"event": "train", "step": s, "epoch": 0.0, "loss": loss, "seconds": 0.0}
        for s, loss in ((2, 9), (1, 5), (2, 3))
    ]
    run = read_run(write_run("tagging", log=steps))
    assert [(event.step, event.loss) for event in run.log.train] == [(1, 5), (2, 3)]


def test_a_line_separator_inside_a_text_does_not_end_the_line(write_run: Callable[..., Path]) -> None:
    row = {"index": 0, "input": "a\u2028b", "reference": "x", "prediction": "x", "probability": 1.0, "length": 2}
    run_dir = write_run("classification", predictions=[])
    (run_dir / "predictions.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert read_run(run_dir).predictions[0].input == "a\u2028b"


@pytest.mark.parametrize("name", ["recipe.yaml", "environment.json", "data.json", "scores.json", "predictions.jsonl"])
def test_a_missing_file_is_named(write_run: Callable[..., Path], name: str) -> None:
    run_dir = write_run("tagging")
    (run_dir / name).unlink()
    with pytest.raises(RunError, match=rf"{name}: (missing|no such file)"):
        read_run(run_dir)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("environment.json", '{"format_version": 2}', "format_version is 2"),
        ("environment.json", "[]", "environment.json: "),
        ("recipe.yaml", "task: painting", '"painting" is not one of'),
        ("recipe.yaml", "task: [", r"recipe\.yaml:1: "),
        ("scores.json", '{"primary": "accuracy", "test": {"scores": []}}', "none of the test scores"),
        ("data.json", '{"dataset": {}}', "data.json: splits: Field required"),
        ("predictions.jsonl", "\n{", "predictions.jsonl:2: Invalid JSON"),
        ("predictions.jsonl", "", "no rows"),
        (
            "predictions.jsonl",
            '{"index":0,"input":["a"],"reference":["X"],"prediction":[],"unknown":[true],"length":1}',
            "predictions.jsonl:1: .*differ in length",
        ),
        ("attention.json", '[{"index":0,"source":["a"],"target":["b"],"weights":[[1,0]]}]', "one row per target"),
    ],
)
def test_a_damaged_file_is_named(write_run: Callable[..., Path], name: str, content: str, message: str) -> None:
    run_dir = write_run("tagging")
    (run_dir / name).write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=message):
        read_run(run_dir)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no such directory"):
        read_run(tmp_path / "nowhere")
