"""JoeyNMT: its training on the text of `data.py`, timed at its own log of each step. It has no length buckets."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import joeynmt.training
from clock import Clock, read_spec
from joeynmt.__main__ import main
from joeynmt.batch import Batch


def settings(spec: dict[str, Any], folder: str) -> dict[str, Any]:
    """What `joeynmt train` reads. The same vocabulary and the same embeddings serve both languages."""
    data = Path(spec["data"])
    side = {"level": "word", "lowercase": False, "normalize": False, "voc_file": str(data / "vocabulary.txt")}
    rnn = {"type": "recurrent", "rnn_type": "lstm", "num_layers": 1, "embeddings": {"embedding_dim": 256}}
    return {
        "name": "benchmark",
        "model_dir": f"{folder}/model",
        "use_cuda": False,
        "random_seed": spec["seed"],
        "data": {
            "train": str(data / "train"),
            "dev": str(data / "valid"),
            "dataset_type": "plain",
            "src": {"lang": "src", **side},
            "trg": {"lang": "trg", **side},
        },
        "model": {
            "tied_embeddings": True,
            "tied_softmax": False,
            "encoder": {**rnn, "hidden_size": 256, "bidirectional": True},
            "decoder": {
                **rnn,
                "hidden_size": 512,
                "attention": "luong",
                "input_feeding": spec["input_feeding"],
                "init_hidden": "bridge",
            },
        },
        "training": {
            "batch_type": "sentence",
            "batch_size": spec["batch_size"],
            "normalization": "tokens",
            "optimizer": "adam",
            "learning_rate": 0.001,
            "scheduling": "exponential",  # there is no constant one
            "decrease_factor": 1.0,
            "clip_grad_norm": 1.0,
            "epochs": 1000,
            "updates": spec["steps"],
            "logging_freq": 1,
            "validation_freq": 10**9,
        },
        "testing": {"batch_type": "sentence", "batch_size": spec["batch_size"]},
    }


def train(spec: dict[str, Any], folder: str) -> None:
    """Run `joeynmt train`; the model is saved in the folder."""
    config = Path(folder) / "config.yaml"
    config.write_text(json.dumps(settings(spec, folder)), encoding="utf-8")
    sys.argv = ["joeynmt", "train", str(config), "--skip-test"]
    main()


class TimedManager(joeynmt.training.TrainManager):
    """The manager with the clock in place of its log; a batch's tokens are targets without padding."""

    def _train_step(self, batch: Batch) -> tuple[float, int]:
        self.newest = batch
        return super()._train_step(batch)

    def _log_scores(self, *values: Any) -> None:
        clock.parameters = sum(parameter.numel() for parameter in self.model.parameters())
        clock.tick(units=self.newest.ntokens, sentences=self.newest.nseqs)


if __name__ == "__main__":
    spec = read_spec()
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=("joeynmt", "torch"))
    joeynmt.training.TrainManager = TimedManager
    with tempfile.TemporaryDirectory() as folder:
        train(spec, folder)
