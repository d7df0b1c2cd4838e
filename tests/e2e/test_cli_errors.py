"""What a user can get wrong: one line for each mistake, exit code 2, no traceback."""

import ctypes
import errno
import json
import shutil
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from datasets import Dataset
from tiny_tasks import seqtasks


def fails(*arguments, stdin=None):
    result = seqtasks(*arguments, stdin=stdin)
    assert result.exit_code == 2, result.output
    messages = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert messages, result.stderr
    return "\n".join(messages)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("dataset.path=nowhere/at/all", "there is no folder"),
        (
            "dataset.columns.text=reviews",
            'there is no column "reviews"; there are review, verdict; did you mean "review"?',
        ),
        ("dataset.split.test=tests", 'there is no split "tests"; there are'),
        ("dataset.split.test=train[5:5]", "train[5:5] has no rows"),
        ("train.epoch=3", 'override "train.epoch=3": train.epoch: unknown field. Did you mean "epochs"?'),
        ("train.metric_for_best_model=blue", '"blue" is not a score of this task; expected one of loss, accuracy'),
    ],
)
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_recipe_that_does_not_fit_its_data(command, override, message, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in fails(command, home / "classification.yaml", override)


def test_all_mistakes_of_a_recipe_come_together(home):
    found = fails("check", home / "tagging.yaml", "train.epoch=3", "backbone.cell=lstn")
    assert len(found.splitlines()) == 2


def test_a_mistake_in_the_data_leaves_nothing_behind(home, tmp_path):
    output = tmp_path / "run"
    assert "no column" in fails("run", home / "tagging.yaml", "dataset.columns.tags=no", "--output", output)
    assert not output.exists()


@pytest.mark.parametrize(
    ("task", "override", "message"),
    [
        (
            "captioning",
            "dataset.columns.image=name",
            'column "name" of train holds text; expected a picture or numbers in each row',
        ),
        ("tagging", "dataset.path={classification}", 'column "review" of train holds text; expected a list of words'),
        ("classification", "dataset.path={tagging}", 'column "words" of train holds a list of words; expected text'),
        ("classification", "dataset.path={captioning}", 'column "picture" of train holds a picture; expected text'),
    ],
)
def test_a_column_of_another_kind(task, override, message, home):
    columns = (
        {
            "tagging": ["dataset.columns.tokens=review", "dataset.columns.tags=verdict"],
            "classification": ["dataset.columns.text=words", "dataset.columns.label=upos"],
        }[task]
        if "path" in override
        else []
    )
    if "{captioning}" in override:
        columns = ["dataset.columns.text=picture", "dataset.columns.label=name"]
    places = {name: home / "data" / name for name in ("classification", "tagging", "captioning")}
    assert message in fails("check", home / f"{task}.yaml", override.format(**places), *columns)


def rewrite(home: Path, folder: Path, task: str, split: str, rows: dict) -> str:
    """The data of a task with one split replaced, as an override."""
    shutil.copytree(home / "data" / task, folder)
    Dataset.from_dict(rows).to_parquet(folder / f"{split}-00000-of-00001.parquet")
    return f"dataset.path={folder}"


@pytest.mark.parametrize("command", ["run", "check"])
def test_tags_and_tokens_of_unequal_length(command, home, tmp_path):
    rows = {"words": [["the", "film"], ["bad"]], "upos": [["DET", "NOUN"], ["ADJ", "ADJ"]]}
    override = rewrite(home, tmp_path / "data", "tagging", "train", rows)
    output = ["--output", tmp_path / "run"] if command == "run" else []
    assert "row 1: 1 tokens but 2 tags" in fails(command, home / "tagging.yaml", override, *output)


def test_empty_texts_and_labels_unseen_in_training_are_scored(home, tmp_path):
    rows = {"review": ["", "good film", "film", "bad"], "verdict": ["neg", "mixed", "mixed", "mixed"]}
    override = rewrite(home, tmp_path / "data", "classification", "test", rows)
    output = tmp_path / "run"
    settings = ["train.max_steps=2", "--output", output]
    result = seqtasks("run", home / "classification.yaml", override, *settings)
    assert result.exit_code == 0
    scores = json.loads((output / "scores.json").read_text())["test"]["scores"]
    assert next(score["value"] for score in scores if score["name"] == "accuracy") <= 0.25
    assert len((output / "predictions.jsonl").read_text().splitlines()) == 4


def test_rows_of_another_type(home, tmp_path):
    rows = {"review": [["good"], ["bad"]], "verdict": ["pos", "neg"]}
    override = rewrite(home, tmp_path / "data", "classification", "test", rows)
    assert f"dataset.path: {tmp_path / 'data'}: " in fails("check", home / "classification.yaml", override)


@pytest.mark.parametrize("command", ["predict", "evaluate", "report"])
def test_run_directories_that_cannot_be_read(command, runs, tmp_path):
    assert "no such" in fails(command, tmp_path / "none")
    (tmp_path / "empty").mkdir()
    assert "environment.json" in fails(command, tmp_path / "empty")
    copy = tmp_path / "copy"
    shutil.copytree(runs["classification"], copy)
    (copy / "recipe.yaml").write_text("task: [")
    fails(command, copy)
    (copy / "recipe.yaml").unlink()
    assert "recipe.yaml" in fails(command, copy)
    (copy / "environment.json").write_text('{"format_version": 99}')
    assert "99" in fails(command, copy)
    (copy / "environment.json").write_text("[]")
    fails(command, copy)


def test_a_run_that_was_not_finished(runs, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(runs["classification"], copy, ignore=shutil.ignore_patterns("SHA256SUMS"))
    (copy / "model.safetensors").unlink()
    (copy / "scores.json").unlink()
    assert "model.safetensors" in fails("predict", copy, stdin="film")
    assert "scores.json" in fails("report", copy)


@pytest.mark.parametrize("name", ["open", "write_text"])
def test_a_full_disk(name, home, tmp_path, monkeypatch):
    original = getattr(Path, name)

    def full(path, *args, **kwargs):
        writes = name == "write_text" or (args and args[0] == "a")
        if writes and tmp_path in path.parents:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return original(path, *args, **kwargs)

    monkeypatch.setattr(Path, name, full)
    message = fails("run", home / "classification.yaml", "train.max_steps=4", "--output", tmp_path / "run")
    assert "No space left on device" in message
    assert not list(tmp_path.rglob("*.tmp"))


@contextmanager
def _without_override():
    """Root heeds the permissions of files only without the capability CAP_DAC_OVERRIDE of Linux."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    effective = sets[0]
    sets[0] &= ~(1 << 1)
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = effective
        libc.capset(header, sets)


@pytest.fixture
def may_not_write(home, runs):
    """Folders that are there to be read alone."""
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    with _without_override() if sys.platform == "linux" else nullcontext():
        yield
    for folder in folders:
        folder.chmod(0o755)


def test_a_folder_that_may_not_be_written(home, runs, may_not_write):
    run = runs["classification"]
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    for command in (
        ("run", home / "classification.yaml", "--output", run.parent / "new"),
        ("run", home / "classification.yaml", "--output", run, "--resume"),
        ("report", run),
        ("verify", run),
        ("predict", run, home / "classification.yaml", "--output", run.parent / "out.txt"),
        ("export", run, "--output", run.parent / "export"),
    ):
        assert "Permission denied" in fails(*command), command
    assert seqtasks("predict", run, stdin="a good film\n").exit_code == 0, "reading is enough to predict"
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert not (run.parent / "new").exists()


def test_an_output_that_cannot_be_made(home, tmp_path):
    (tmp_path / "file").touch()
    message = fails("run", home / "classification.yaml", "--output", tmp_path / "file" / "run")
    assert "cannot be made" in message


def test_a_catalog_set_without_a_network(home, tmp_path, monkeypatch):
    monkeypatch.setenv("SEQTASKS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("seqtasks.data.catalog.download.run_pip", lambda *args: "ERROR: no route to host")
    monkeypatch.chdir(tmp_path)
    message = fails("run", "sentiment")
    assert "no route to host" in message
    assert "connect to the network" in message
    assert not (tmp_path / "runs").exists()


def test_a_name_that_is_no_recipe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert 'did you mean "translate"?' in fails("explain", "translat")
    assert "no such file" in fails("explain", "none.yaml")


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_model_that_no_memory_holds(command, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = fails(command, home / "classification.yaml", "backbone.hidden_size=1000000")
    assert "the model does not fit into this machine's memory" in message
    assert not (tmp_path / "runs").exists()
