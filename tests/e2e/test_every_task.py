"""Each task from a recipe to a report, and everything that can be done with its run."""

import json

import pytest
from cases import CASES, write_case
from tiny_tasks import seqtasks

from seqtasks.predictor import load
from seqtasks.training.checkpoint import load_weights
from seqtasks.training.loop import Trainer

EVERY_TASK = pytest.mark.parametrize("task", CASES)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")


@EVERY_TASK
def test_from_a_recipe_to_answers(task, tmp_path):
    recipe, run = write_case(tmp_path, task), tmp_path / "run"
    result = seqtasks("run", recipe, "--output", run)
    assert result.exit_code == 0, result.output
    scores = json.loads((run / "scores.json").read_text())
    assert "</html>" in (run / "report.html").read_text()

    again = seqtasks("evaluate", run, "--output", tmp_path / "again")
    assert again.exit_code == 0, again.output
    assert json.loads((tmp_path / "again" / "scores.json").read_text())["test"]["scores"] == scores["test"]["scores"]

    inputs = CASES[task].inputs[:2]
    predictor = load(run)
    answers = predictor.predict(inputs)
    assert len(answers) == 2
    if "image" not in CASES[task].rows and task != "music":
        lines = "".join(json.dumps(given) + "\n" if isinstance(given, list) else f"{given}\n" for given in inputs)
        printed = seqtasks("predict", run, "-", "--json", stdin=lines)
        assert printed.exit_code == 0, printed.output
        assert [json.loads(line)["prediction"] for line in printed.stdout.splitlines()] == answers


@EVERY_TASK
def test_check(task, tmp_path):
    result = seqtasks("check", write_case(tmp_path, task))
    assert result.exit_code == 0, result.output
    assert "equal answers" in result.output


@pytest.mark.parametrize("task", ["language_modeling", "frame_tagging"])
def test_an_interrupted_run_goes_on_to_the_same_weights(task, tmp_path, monkeypatch):
    recipe = write_case(tmp_path, task)
    assert seqtasks("run", recipe, "--output", tmp_path / "whole").exit_code == 0
    step = Trainer._train_step

    def interrupted(trainer: Trainer) -> None:
        step(trainer)
        trainer._interrupt.requested = trainer.progress.step == 4  # type: ignore[misc]

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", interrupted)
        assert seqtasks("run", recipe, "--output", tmp_path / "cut").exit_code == 130
    assert seqtasks("run", recipe, "--output", tmp_path / "cut", "--resume").exit_code == 0
    whole, cut = (load_weights(tmp_path / name / "model.safetensors") for name in ("whole", "cut"))
    assert whole.keys() == cut.keys()
    assert all(whole[name].equal(cut[name]) for name in whole)


def test_a_language_model_writes_on(tmp_path):
    run = tmp_path / "run"
    seqtasks("run", write_case(tmp_path, "language_modeling"), "--output", run)
    texts = [seqtasks("generate", run, "--prompt", "the dog", "--top-k", "3", "--seed", seed).stdout for seed in "001"]
    found = json.loads(seqtasks("generate", run, "--prompt", "the dog", "--top-k", "3", "--json").stdout)
    assert [each["prompt"] + each["text"] for each in found] == [texts[0].removesuffix("\n")]
    assert texts[0] == texts[1]
    assert all(text.startswith("the dog") for text in texts)
    refused = seqtasks("chat", run)
    assert refused.exit_code == 2
    assert "its task is language_modeling; expected chat or translation" in refused.output


def test_a_conversation(tmp_path):
    run = tmp_path / "run"
    seqtasks("run", write_case(tmp_path, "chat"), "--output", run)
    result = seqtasks("chat", run, stdin="hello\nbye\n\n")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == load(run).predict(["hello", "bye"])
    refused = seqtasks("generate", run)
    assert refused.exit_code == 2
    assert "its task is chat; expected a language model" in refused.output
