"""spaCy: `spacy train` with the tagger that `spacy init config` proposes: convolutions on hashed words.

That is another model than the others': it is here because it is what spaCy's users have.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from clock import Clock, read_spec
from spacy.cli.init_config import init_config
from spacy.cli.train import train
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import minibatch

PACKAGES = ("spacy", "thinc")


def read(path: Path, nlp: Language) -> Iterator[Doc]:
    """Sentences as documents."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.split(" ") for line in block.splitlines()]
        if pairs:
            words, tags = zip(*pairs, strict=True)
            yield Doc(nlp.vocab, words=words, tags=tags)


def train_tagger(
    spec: dict[str, Any],
    folder: Path,
    *,
    logger: str = "spacy.ConsoleLogger.v1",
    batcher: str = "spacy.batch_by_sequence.v1",
) -> None:
    """Run `spacy train`; the model is saved in the folder."""
    config = init_config(lang="xx", pipeline=["tagger"], optimize="efficiency")
    nlp = spacy.blank("xx")
    for name in ("train", "valid"):
        DocBin(docs=read(Path(spec["data"]) / f"{name}.txt", nlp)).to_disk(folder / f"{name}.spacy")
    config["paths"].update(train=str(folder / "train.spacy"), dev=str(folder / "valid.spacy"))
    config["system"]["seed"] = spec["seed"]
    config["training"].update(dropout=0.0, max_steps=spec["steps"], eval_frequency=spec["steps"])
    config["training"]["logger"] = {"@loggers": logger}
    config["training"]["batcher"] = {"@batchers": batcher, "size": spec["batch_size"]}
    config.to_disk(folder / "config.cfg")
    train(folder / "config.cfg", folder / "model")


def main() -> None:
    """Train until the clock stops."""
    spec = read_spec()
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=PACKAGES)
    sizes: deque[tuple[int, int]] = deque()

    @spacy.registry.batchers("benchmark.v1")
    def make_batcher(size: int) -> Callable[[Iterable[Example]], Iterator[list[Example]]]:
        def batches(examples: Iterable[Example]) -> Iterator[list[Example]]:
            for batch in minibatch(examples, size):
                sizes.append((sum(map(len, batch)), len(batch)))
                yield batch

        return batches

    @spacy.registry.loggers("benchmark.v1")
    def make_logger() -> Callable[..., Any]:
        def setup(nlp: Language, *_: Any) -> tuple[Callable[[Any], None], Callable[[], None]]:
            clock.parameters = sum(
                node.get_param(name).size
                for _, pipe in nlp.pipeline
                for node in pipe.model.walk()
                for name in node.param_names
                if node.has_param(name)
            )
            return lambda info: _tick(clock, sizes), lambda: None

        return setup

    with tempfile.TemporaryDirectory() as folder:
        train_tagger(spec, Path(folder), logger="benchmark.v1", batcher="benchmark.v1")


def _tick(clock: Clock, sizes: deque[tuple[int, int]]) -> None:
    words, sentences = sizes.popleft()
    clock.tick(units=words, sentences=sentences)


if __name__ == "__main__":
    main()
