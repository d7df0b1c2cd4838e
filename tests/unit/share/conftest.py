"""A finished run with random weights, and a hub for it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from datasets import Dataset
from stand_in_hub import Hub, point_client_at, running_hub

from seqtasks.data.card import Card
from seqtasks.files import write_json
from seqtasks.recipe import parse_recipe
from seqtasks.run import describe_data, write_scores
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import task_class
from seqtasks.training.checkpoint import model_tensors, save_weights

TEXTS = ["good film", "bad", "a", "good", "a bad bad film", "unknown", "film good bad"]
COMMAND = "seqtasks run /home/ada/secret/reviews.yaml 'dataset.path=/home/ada/secret/my reviews' --output /tmp/ada/run"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = (
        "task: classification\ndataset: {path: /home/ada/secret/my reviews}\ntokenizer: {min_frequency: 1}\n"
        "input: {embedding_size: 8}\nbackbone: {hidden_size: 8}\n"
    )
    recipe = parse_recipe(f"{text}train: {{init_from: /home/ada/secret/lm}}", source="test")
    torch.manual_seed(0)
    directory = RunDirectory.create(
        tmp_path_factory.mktemp("runs") / "run", recipe, command=COMMAND, resume=False, overwrite=False
    )
    rows = {name: Dataset.from_dict({"text": TEXTS, "label": list("abcdabc")}) for name in ("train", "test")}
    # The run that it starts from is gone.
    task = task_class(recipe).fit(parse_recipe(text, source="test"), rows["train"])
    task.save(directory.path)
    model = task.build()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=2.0)
    save_weights(directory.path / "model.safetensors", model_tensors(model))
    examples = {name: task.encode(split) for name, split in rows.items()}
    write_json(directory.path / "data.json", describe_data(task, model, rows, examples, card=Card("Reviews", "CC0")))
    write_scores(task, model, rows, directory.path)
    (directory.path / "log.jsonl").write_text('{"event": "end", "step": 2, "reason": "max_steps", "seconds": 61}\n')
    (directory.path / "notes.txt").write_text("to myself")
    (directory.path / "checkpoints").mkdir()
    (directory.path / "checkpoints" / "state.json").write_text("{}")
    directory.seal(finished=True)
    return directory.path


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "run")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.chdir(tmp_path)
    with running_hub() as hub:
        point_client_at(hub.address, tmp_path / "cache", monkeypatch)
        yield hub
