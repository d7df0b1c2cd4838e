"""The model card of every task, and of runs whose texts want to be more than text."""

import re
from pathlib import Path

import pytest
import yaml
from cases import CASES, make_task
from report_runs import ATTACK, PREDICTIONS, SHAPES, write_attacked_run, write_run

from seqtasks.report.run_files import read_run
from seqtasks.share.card import model_card
from seqtasks.share.contents import FETCHED
from seqtasks.share.metadata import PIPELINES
from seqtasks.share.names import HubName
from seqtasks.share.private import clean_command, without_folders

NAME = HubName("ada/model")
FINDING = {
    "name": "padding",
    "question": "a | b",
    "outcome": "same",
    "cases": 1200,
    "differing": 0,
    "deviation": 2.5e-7,
    "tolerance": 1e-4,
    "reason": "",
}


def parts(card: str) -> tuple[dict, str]:
    head, text = card.removeprefix("---\n").split("\n---\n", 1)
    return yaml.safe_load(head), text


@pytest.mark.parametrize("task", PREDICTIONS)
def test_every_task(task, tmp_path):
    run = read_run(write_run(tmp_path, task))
    head, text = parts(model_card(run, NAME))
    assert head["library_name"] == "seqtasks"
    assert head.get("pipeline_tag") == PIPELINES.get(task)
    [result] = head["model-index"][0]["results"]
    assert result["dataset"] == {"name": "Small set", "type": "catalog/small", "split": "test"}
    [metric] = result["metrics"]
    [score] = run.scores.test.scores
    assert (metric["type"], metric["value"]) == (score.name, score.value)
    assert 'seqtasks.load("ada/model")' in text
    assert re.search(r"seqtasks (predict|generate) ada/model", text)
    for wanted in ("a guess", "CC0", "2 steps in 2 s", f"`seqtasks run {task}.yaml`", "learned from 100 rows"):
        assert wanted in text
    assert "\n\n\n" not in text
    [example] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    compile(example, "README.md", "exec")


@pytest.mark.parametrize("task", SHAPES)
def test_texts_from_data_stay_texts(task, tmp_path):
    path = write_attacked_run(tmp_path, task)
    head, text = parts(model_card(read_run(path), NAME))
    result = head["model-index"][0]["results"][0]
    assert result["dataset"]["name"] == result["dataset"]["type"] == ATTACK
    outside_code = re.sub(r"(`+)[^`].*?\1", "", text, flags=re.DOTALL)
    assert "alert" in outside_code
    assert not re.search(r"(?<!\\)<(?!https)", outside_code)
    assert "](" not in outside_code


def test_a_code_block_cannot_be_left(tmp_path):
    data = {
        "dataset": {
            "path": "x",
            "citation": "```\n# Hijacked\n````",
            "title": "a\n---\nlicense: mit",
            "licence": "`x`|",
        },
        "splits": {},
    }
    run = read_run(write_run(tmp_path, "translation", data=data))
    card = model_card(run, NAME)
    assert "\n`````\n```\n# Hijacked\n````\n`````\n" in card
    head, text = parts(card)
    assert "license" not in head
    assert text.startswith("\n# a --- license: mit: translation\n")
    assert r"- licence of the data: \`x\`\|" in text


def test_hub_data_language_limits_and_checks(tmp_path):
    split = {"rows": 1000, "tokens": 9000, "mean_length": 9.0, "max_length": 9, "unknown_rate": 0.0731}
    dataset = {
        "path": "ada/set",
        "name": "en",
        "homepage": "https://huggingface.co/datasets/ada/set",
        "languages": ["en", "fr"],
    }
    data = {
        "dataset": dataset,
        "splits": {"train": split, "test": split | {"truncated": 3, "empty": 2}},
        "duplicates": {"validation": 0, "test": 17},
    }
    head, text = parts(model_card(read_run(write_run(tmp_path, "tagging", data=data, verify=[FINDING])), NAME))
    assert (head["datasets"], head["language"]) == (["ada/set"], ["en", "fr"])
    assert head["model-index"][0]["results"][0]["dataset"]["config"] == "en"
    assert r"| padding | a \| b | same | 1,200 | 0 | 2.5e-07 | 0.0001 |" in text
    for wanted in (
        "licence of the data: not stated",
        "17 of test",
        "7.3% of the tokens",
        "were cut",
        "2 inputs of test",
    ):
        assert wanted in text


def test_a_local_set_is_none_of_the_hub(tmp_path):
    data = {"dataset": {"path": "ada/set"}, "splits": {}}
    head, _ = parts(model_card(read_run(write_run(tmp_path, "chat", data=data)), NAME))
    assert "datasets" not in head


def test_sounds_and_other_recordings(tmp_path):
    run = read_run(write_run(tmp_path, "frame_classification"))
    assert "pipeline_tag" not in parts(model_card(run, NAME))[0]
    recipe = next(Path(tmp_path).rglob("recipe.yaml"))
    recipe.write_text("task: frame_classification\ndataset: {path: x, columns: {frames: audio}}\n")
    assert parts(model_card(read_run(recipe.parent), NAME))[0]["pipeline_tag"] == "audio-classification"


@pytest.mark.parametrize("task", CASES)
def test_every_file_of_every_task_is_shared(task, tmp_path):
    make_task(task).save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= set(FETCHED)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/home/ada/data/x.csv", "x.csv"),
        ("/home/ada/my data/*.csv", "*.csv"),
        (r"C:\Users\ada\x.csv", "x.csv"),
        ("cannot read /home/ada/x (or 'C:\\Users\\ada\\y')", "cannot read x (or 'y')"),
        ("and/or, https://hub.co/a/b, ../data/x, catalog/x, a/b/c, ~/x/y, 1/2/3", None),
        ("ada/set", None),
        ("/", None),
    ],
)
def test_paths_are_left_with_their_names(text, kept):
    assert without_folders(text) == (text if kept is None else kept)


def test_commands_stay_commands():
    given = "seqtasks run /a/b/mine.yaml dataset.path='/x/y z/w' \"k=it's\" --output=/tmp/me/run train.seed=1"
    assert clean_command(given) == """seqtasks run mine.yaml dataset.path=w 'k=it'"'"'s' --output=run train.seed=1"""
    assert clean_command("seqtasks run '/home/ada/x") == "seqtasks run 'x"
