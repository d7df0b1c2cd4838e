import json

import pytest

from seqtasks.errors import RunError
from seqtasks.recipe import parse_recipe
from seqtasks.run_directory import RunDirectory

RECIPE = parse_recipe("task: tagging\ndataset: {path: memory}", source="test")
OTHER = parse_recipe("task: tagging\ndataset: {path: memory}\ntrain: {learning_rate: 0.5}", source="test")


def _create(path, recipe=RECIPE, *, resume=False, overwrite=False):
    return RunDirectory.create(path, recipe, command="seqtasks run x", resume=resume, overwrite=overwrite)


def test_a_new_run_says_where_it_comes_from(tmp_path):
    directory = _create(tmp_path / "deep" / "run")
    environment = json.loads((directory.path / "environment.json").read_text())
    assert environment["format_version"] == 1
    assert environment["command"] == "seqtasks run x"
    assert {"seqtasks", "python", "packages", "platform", "cpu_count", "started"} <= environment.keys()
    assert str(tmp_path) not in (directory.path / "recipe.yaml").read_text() + json.dumps(environment)
    assert RunDirectory.open(directory.path).recipe == RECIPE


def test_an_empty_directory_will_do(tmp_path):
    assert _create(tmp_path).recipe == RECIPE


def test_an_earlier_run_is_in_the_way(tmp_path):
    _create(tmp_path / "run")
    with pytest.raises(RunError, match=r"there is a run already; .*--resume.*--overwrite.*--output"):
        _create(tmp_path / "run")


def test_overwriting_leaves_nothing_of_the_earlier_run(tmp_path):
    (_create(tmp_path / "run").path / "scores.json").write_text("{}")
    assert _create(tmp_path / "run", OTHER, overwrite=True).recipe == OTHER
    assert not (tmp_path / "run/scores.json").exists()


def test_resuming_keeps_everything_and_needs_the_same_recipe(tmp_path):
    (_create(tmp_path / "run").path / "log.jsonl").write_text("x")
    before = (tmp_path / "run/environment.json").read_text()
    _create(tmp_path / "run", resume=True)
    assert (tmp_path / "run/log.jsonl").read_text() == "x"
    assert (tmp_path / "run/environment.json").read_text() == before
    with pytest.raises(RunError, match=r"differs from the one that the run began with \(learning_rate: 0\.5\)"):
        _create(tmp_path / "run", OTHER, resume=True)


def test_resuming_what_has_not_begun_begins_it(tmp_path):
    assert _create(tmp_path / "run", resume=True).recipe == RECIPE


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_run_is_never_deleted(overwrite, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(RunError, match="is not empty and not a run directory"):
        _create(tmp_path, overwrite=overwrite)
    with pytest.raises(RunError, match="thesis"):
        _create(tmp_path / "thesis.tex", overwrite=overwrite)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_what_cannot_be_opened(tmp_path):
    with pytest.raises(RunError, match="there is no such run directory"):
        RunDirectory.open(tmp_path / "no")
    with pytest.raises(RunError, match=r"environment\.json: there is no such file"):
        RunDirectory.open(tmp_path)
    for content in ('{"format_version": 99}', "{}", "[]"):
        (tmp_path / "environment.json").write_text(content)
        with pytest.raises(RunError, match=r"has run format (99|None); expected 1"):
            RunDirectory.open(tmp_path)
