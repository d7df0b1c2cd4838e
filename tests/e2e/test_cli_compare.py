"""`seqtasks compare` on runs that were really trained."""

import json
import shutil
from pathlib import Path

import pytest
from tiny_tasks import TASKS, seqtasks

NOT_TESTED = {"music": {"loss", "valid_tunes"}, "chat": {"distinct_1", "distinct_2"}}
"""Scores of which `predictions.jsonl` does not hold what each row adds."""


@pytest.mark.parametrize("task", TASKS)
def test_the_rows_of_a_run_give_its_scores(runs: dict[str, Path], tmp_path: Path, task: str) -> None:
    twin = shutil.copytree(runs[task], tmp_path / "twin")
    result = seqtasks("compare", runs[task], twin, "--json")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)["scores"]
    untested = {score["name"] for score in scores if score["differences"][0]["not_tested"]}
    assert untested == NOT_TESTED.get(task, set()) & {score["name"] for score in scores}
    assert {each["value"] for score in scores for each in score["differences"] if not each["not_tested"]} == {0.0}


def test_a_page_is_written_once(runs: dict[str, Path], tmp_path: Path) -> None:
    twin = shutil.copytree(runs["classification"], tmp_path / "twin")
    command = ("compare", runs["classification"], twin, "--output", tmp_path)
    result = seqtasks(*command)
    assert result.exit_code == 0, result.output
    assert "answer alike" in " ".join(result.output.split())
    page = tmp_path / "compare.html"
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")
    again = seqtasks(*command)
    assert again.exit_code == 2
    assert "compare.html: is there already; expected a new file; add --overwrite to replace it" in again.output
    assert seqtasks(*command, "--overwrite", "--latex").stdout.startswith(r"\begin{table}")


def test_runs_of_other_tasks_are_refused(runs: dict[str, Path]) -> None:
    result = seqtasks("compare", runs["classification"], runs["tagging"], "--markdown")
    assert result.exit_code == 2
    assert "expected runs of one task" in result.output
