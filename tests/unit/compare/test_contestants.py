"""Runs that do not compare are refused in words."""

import json
import shutil
from pathlib import Path

import pytest
from compared_runs import rewrite_scores, write_pair

from seqtasks.compare.contestants import read_contestants
from seqtasks.errors import RunError


def change_row(run_dir: Path, row: int, **fields: object) -> None:
    lines = (run_dir / "predictions.jsonl").read_text().splitlines()
    lines[row] = json.dumps(json.loads(lines[row]) | fields)
    (run_dir / "predictions.jsonl").write_text("\n".join(lines) + "\n")


def test_other_tasks(tmp_path: Path) -> None:
    first, _ = write_pair(tmp_path, "classification")
    (tmp_path / "other").mkdir()
    second, _ = write_pair(tmp_path / "other", "tagging")
    with pytest.raises(
        RunError, match=r"its task is tagging, that of .* is classification; expected runs of one task;"
    ):
        read_contestants([first, second])


@pytest.mark.parametrize(("field", "value"), [("input", "a fine\x1b[31m movie"), ("reference", "worse")])
def test_the_first_row_that_differs_is_named(tmp_path: Path, field: str, value: str) -> None:
    first, second = write_pair(tmp_path, "classification")
    for row in (1, 2):
        change_row(second, row, **{field: value})
    with pytest.raises(RunError) as caught:
        read_contestants([first, second])
    expected = rf"run_B/predictions.jsonl: row 1 has the {field} {value!r}, in {first} it is "
    assert expected in str(caught.value)
    assert "; expected the same test rows in the same order; score one" in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_other_numbers_of_rows(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "classification")
    lines = (second / "predictions.jsonl").read_text().splitlines()
    (second / "predictions.jsonl").write_text("\n".join(lines[:2]))
    with pytest.raises(
        RunError, match=r"run_B/predictions.jsonl: 2 rows, and 3 in .*run_A; expected the same test rows"
    ):
        read_contestants([first, second])


def test_another_protocol(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "translation")
    rewrite_scores(second, signature="case:lc")
    with pytest.raises(
        RunError, match=r"run_B/scores.json: chrf was computed as 'case:lc', in .* expected one protocol;"
    ):
        read_contestants([first, second])


def test_damage_is_named_by_the_reader(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "classification")
    (second / "scores.json").write_text("{")
    with pytest.raises(RunError, match=r"run_B/scores.json: .*expected what `seqtasks run` wrote"):
        read_contestants([first, second])


def test_one_run_or_the_same_twice(tmp_path: Path) -> None:
    first, _ = write_pair(tmp_path, "classification")
    with pytest.raises(RunError, match="1 run was given; expected two or more"):
        read_contestants([first])
    with pytest.raises(RunError, match="given twice; expected different runs"):
        read_contestants([first, first.parent / "." / first.name])


def test_directories_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "classification")
    same = shutil.copytree(second, tmp_path / "elsewhere" / first.name)
    assert [each.name for each in read_contestants([first, same])] == [str(first), str(same)]


def test_pictures_of_other_sizes_are_not_other_rows(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "image_classification")
    change_row(second, 0, input="data:image/png;base64,AAAA")
    with pytest.raises(RunError, match="row 0 has the input"):
        read_contestants([first, second])
    recipe = second / "recipe.yaml"
    recipe.write_text(recipe.read_text() + "input: {size: 16}\n")
    assert len(read_contestants([first, second])) == 2
