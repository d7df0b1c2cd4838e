"""Flair: a SequenceTagger on word embeddings that start at random, timed by a plugin of its ModelTrainer."""

import tempfile
from pathlib import Path
from typing import Any

import torch
from clock import Clock, read_spec
from flair import set_seed
from flair.data import Corpus, Dictionary, Sentence
from flair.datasets import ColumnCorpus
from flair.embeddings import OneHotEmbeddings
from flair.models import SequenceTagger
from flair.trainers import ModelTrainer
from flair.trainers.plugins import TrainerPlugin

PACKAGES = ("flair", "torch")


def build(data: Path, *, crf: bool) -> tuple[Corpus, SequenceTagger]:
    """The data and an untrained tagger; what it does by default beyond the benchmark's model is switched off."""
    columns = {0: "text", 1: "pos"}
    corpus = ColumnCorpus(data, columns, train_file="train.txt", test_file="test.txt", sample_missing_splits=False)
    embeddings = OneHotEmbeddings(_dictionary(data / "vocabulary.txt"), embedding_length=128)
    tagger = SequenceTagger(
        embeddings,
        _dictionary(data / "tags.txt"),
        "pos",
        hidden_size=256,
        rnn_layers=2,
        use_crf=crf,
        reproject_embeddings=False,
        word_dropout=0.0,
        locked_dropout=0.0,
    )
    return corpus, tagger


def _dictionary(path: Path) -> Dictionary:
    dictionary = Dictionary(add_unk=path.name == "vocabulary.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        dictionary.add_item(line)
    return dictionary


class Timer(TrainerPlugin):
    """Hands each batch to the clock.

    Args:
        clock: to be told.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    @TrainerPlugin.hook
    def after_training_batch(self, batch: list[Sentence], **_: Any) -> None:
        """The optimizer has made its step."""
        self.clock.tick(units=sum(map(len, batch)), sentences=len(batch))


def main() -> None:
    """Train until the clock stops."""
    spec = read_spec()
    set_seed(spec["seed"])
    corpus, tagger = build(Path(spec["data"]), crf=spec["crf"])
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=PACKAGES)
    clock.parameters = sum(parameter.numel() for parameter in tagger.parameters())
    with tempfile.TemporaryDirectory() as folder:
        ModelTrainer(tagger, corpus).train(
            folder,
            learning_rate=1e-3,
            mini_batch_size=spec["batch_size"],
            max_epochs=1000,
            optimizer=torch.optim.Adam,
            max_grad_norm=1.0,
            embeddings_storage_mode="none",
            plugins=[Timer(clock)],
        )


if __name__ == "__main__":
    main()
