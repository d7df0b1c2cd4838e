"""OpenNMT-py: `onmt_train` on the text of `data.py`, one bucket an epoch, timed at its own report of each step."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from clock import Clock, read_spec
from onmt.bin.train import main
from onmt.trainer import Trainer
from onmt.utils import Statistics


def settings(spec: dict[str, Any], folder: str) -> dict[str, Any]:
    """What `onmt_train -config` reads. The same vocabulary and the same embeddings serve both languages."""
    data = Path(spec["data"])
    rows = len((data / "train.src").read_text(encoding="utf-8").splitlines())
    return {
        "data": {"corpus": {"path_src": str(data / "train.src"), "path_tgt": str(data / "train.trg"), "weight": 1}},
        "src_vocab": str(data / "vocabulary.txt"),
        "share_vocab": True,
        "vocab_size_multiple": 1,
        "save_model": f"{folder}/model",
        "seed": spec["seed"] + 1,
        # The model.
        "encoder_type": "brnn",
        "decoder_type": "rnn",
        "rnn_type": "LSTM",
        "layers": 1,
        "hidden_size": 512,  # of both directions together
        "word_vec_size": 256,
        "share_embeddings": True,
        "global_attention": "general",
        "input_feed": int(spec["input_feeding"]),
        "dropout": [0.0],
        # Training. The bucket is the whole data set, so that batches hold sentences of like length.
        "bucket_size": rows,
        "batch_type": "sents",
        "batch_size": spec["batch_size"],
        "num_workers": 0 if spec["threads"] == 1 else 2,
        "normalization": "tokens",
        "optim": "adam",
        "learning_rate": 0.001,
        "max_grad_norm": 1.0,
        "train_steps": spec["steps"],
        "save_checkpoint_steps": spec["steps"],
        "valid_steps": 10 * spec["steps"],
    }


def train(spec: dict[str, Any], folder: str) -> None:
    """Run `onmt_train`; the model is saved in the folder."""
    config = Path(folder) / "config.yaml"
    config.write_text(json.dumps(settings(spec, folder)), encoding="utf-8")
    sys.argv = ["onmt_train", "-config", str(config)]
    main()


if __name__ == "__main__":
    spec = read_spec()
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=("OpenNMT-py", "torch"))

    def report_training(trainer: Trainer, step: int, num_steps: int, rate: float, stats: Statistics) -> Statistics:
        """In place of the trainer's own report after each step; its words are targets without padding."""
        clock.parameters = sum(parameter.numel() for parameter in trainer.model.parameters())
        clock.tick(units=stats.n_words, sentences=stats.n_sents)
        return Statistics()

    Trainer._maybe_report_training = report_training
    with tempfile.TemporaryDirectory() as folder:
        train(spec, folder)
