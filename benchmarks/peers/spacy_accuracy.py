"""spaCy: `spacy train` with the tagger that `spacy init config` proposes, all settings its own but the epochs."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from clock import Stamp, read_spec, report
from spacy.cli.init_config import init_config
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy_tagging import PACKAGES, read


def main() -> None:
    """Train, and tag the test rows."""
    spec = read_spec()
    stamps: list[Stamp] = []

    @spacy.registry.loggers("benchmark.v1")
    def make_logger() -> Callable[..., Any]:
        def setup(*_: Any) -> tuple[Callable[[Any], None], Callable[[], None]]:
            stamps.append(Stamp())
            return lambda info: stamps.append(Stamp()), lambda: None

        return setup

    data = Path(spec["data"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nlp = spacy.blank("xx")
        for split in ("train", "valid"):
            DocBin(docs=read(data / f"{split}.txt", nlp)).to_disk(folder / f"{split}.spacy")
        config = init_config(lang="xx", pipeline=["tagger"], optimize="efficiency")
        config["paths"].update(train=str(folder / "train.spacy"), dev=str(folder / "valid.spacy"))
        config["system"]["seed"] = spec["seed"]
        # 0: no limit but the epochs.
        config["training"].update(max_epochs=spec["epochs"], max_steps=0, patience=0)
        config["training"]["logger"] = {"@loggers": "benchmark.v1"}
        config.to_disk(folder / "config.cfg")
        train(folder / "config.cfg", folder / "model")
        best = spacy.load(folder / "model" / "model-best")
    words = sum(map(len, read(data / "train.txt", best)))
    gold = list(read(data / "test.txt", best))
    untagged = [Doc(best.vocab, words=[token.text for token in doc]) for doc in gold]
    scores = best.evaluate([Example(*pair) for pair in zip(untagged, gold, strict=True)])
    details = {"test accuracy": f"{scores['tag_acc']:.2%}", "test words": sum(map(len, gold))}
    report(stamps[0], stamps[-1], units=words * spec["epochs"], packages=PACKAGES, details=details)


if __name__ == "__main__":
    main()
