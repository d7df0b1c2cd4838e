from types import SimpleNamespace

import numpy as np
import pytest
import torch
from datasets import Dataset

import seqtasks
from seqtasks import Predictor
from seqtasks.errors import MemoryExceededError, RunError
from seqtasks.recipe import parse_recipe
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import task_class
from seqtasks.tasks.build import build_model
from seqtasks.training.checkpoint import model_tensors, save_weights

RECIPE = parse_recipe(
    "task: classification\ndataset: {path: memory}\ntokenizer: {min_frequency: 1}\n"
    "input: {embedding_size: 8, dropout: 0.5}\nbackbone: {hidden_size: 8, dropout: 0.5}\n"
    "train: {tokens_per_batch: 2}",
    source="test",
)
TEXTS = ["good film", "bad", "a", "good", "", "a bad bad film", "unknown", "film good bad"]


@pytest.fixture
def run(tmp_path):
    """A finished run with random weights that tell the texts apart."""
    torch.manual_seed(0)
    directory = RunDirectory.create(tmp_path / "run", RECIPE, command="", resume=False, overwrite=False).path
    rows = Dataset.from_dict({"text": TEXTS, "label": list("abcdefgh")})
    task = task_class(RECIPE).fit(RECIPE, rows)
    task.save(directory)
    model = task.build()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=2.0)
    save_weights(directory / "model.safetensors", model_tensors(model))
    return directory


def test_a_list_in_a_list_out_in_the_same_order(run):
    predictor = seqtasks.load(run)
    answers = predictor.predict(TEXTS)
    assert isinstance(answers, list)
    assert len(set(answers)) > 2
    assert all(type(answer) is str for answer in answers)
    assert answers == [predictor.predict([text])[0] for text in TEXTS]
    assert predictor.predict(TEXTS[::-1]) == answers[::-1]
    assert predictor.predict(tuple(TEXTS)) == predictor.predict(np.array(TEXTS)) == answers
    assert [answer.value for answer in predictor.predict_with_details(TEXTS)] == answers
    assert 0 < predictor.predict_with_details(TEXTS)[0].details["probability"] <= 1


def test_nothing_in_nothing_out(run):
    assert seqtasks.load(str(run)).predict([]) == []


def test_a_single_text_is_refused(run):
    with pytest.raises(
        TypeError, match=r"a single text was given; expected a list of inputs; write predict\(\[text\]\)"
    ):
        seqtasks.load(run).predict("good film")


def test_a_stream_needs_a_model_that_can_answer_step_by_step(run):
    with pytest.raises(RunError, match="stream: classification answers when it has the whole input"):
        list(seqtasks.load(run).stream(TEXTS))


def test_dropout_is_off(run):
    predictor = seqtasks.load(run)
    task, model = predictor.task, predictor.model.train()
    again = Predictor(task, model)
    assert again.predict_with_details(TEXTS) == again.predict_with_details(TEXTS)


@pytest.mark.parametrize("size", ["hidden_size: 900000", "num_layers: 90\n  hidden_size: 20000"])
def test_a_stranger_may_ask_for_any_size(run, size):
    """Terabytes, which some machines would promise and then be killed for."""
    recipe = run / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("num_layers: 1", "").replace("hidden_size: 8", size))
    with pytest.raises(RunError, match=r"model\.safetensors: .* holds far fewer numbers than the recipe's sizes give"):
        seqtasks.load(run)


def test_what_cannot_be_loaded(run, tmp_path):
    with pytest.raises(RunError, match="there is no such run directory"):
        seqtasks.load(tmp_path / "no")
    weights = run / "model.safetensors"
    save_weights(weights, {"x": torch.zeros(1)})
    with pytest.raises(RunError, match=r"model\.safetensors: does not fit the recipe"):
        seqtasks.load(run)
    weights.write_bytes(b"damaged")
    with pytest.raises(RunError, match=r"model\.safetensors: cannot be read"):
        seqtasks.load(run)
    weights.unlink()
    with pytest.raises(RunError, match=r"model\.safetensors: cannot be read"):
        seqtasks.load(run)
    (run / "labels.json").unlink()
    with pytest.raises(RunError, match=r"labels\.json: there is no such file; expected a finished run"):
        seqtasks.load(run)


def test_a_model_larger_than_the_memory(run, monkeypatch):
    """It is refused before it takes what the system promises and does not have."""
    task = seqtasks.load(run).task
    build_model(task)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1000))
    with pytest.raises(MemoryExceededError, match="does not fit into this machine's memory"):
        build_model(task)
