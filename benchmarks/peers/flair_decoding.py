"""Flair: `SequenceTagger.predict` on sentences that are split into words; untrained, which costs as much."""

from pathlib import Path

from clock import read_spec, time_answers
from flair.data import Sentence
from flair_tagging import PACKAGES, build


def main() -> None:
    """Tag."""
    spec = read_spec()
    _, tagger = build(Path(spec["data"]), crf=spec["crf"])
    inputs = [line.split(" ") for line in Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()]

    def tag(rows: list[list[str]]) -> list[list[str]]:
        sentences = [Sentence(words) for words in rows]
        tagger.predict(sentences, mini_batch_size=spec["batch_size"])
        return [[token.get_label("pos").value for token in sentence] for sentence in sentences]

    time_answers(tag, inputs, packages=PACKAGES, units=sum(map(len, inputs)))


if __name__ == "__main__":
    main()
