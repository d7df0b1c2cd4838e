"""spaCy: `nlp.pipe` on sentences that are split into words, with the tagger of `spacy_tagging.py`."""

from pathlib import Path

import spacy
from clock import read_spec, time_answers
from spacy.tokens import Doc
from spacy_tagging import PACKAGES, train_tagger


def main() -> None:
    """Train if there is no model yet, and tag."""
    spec = read_spec()
    folder = Path(spec["models"]) / "spacy"
    if not folder.exists():
        folder.mkdir()
        train_tagger(spec, folder)
    nlp = spacy.load(folder / "model" / "model-last")
    inputs = [line.split(" ") for line in Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()]

    def tag(rows: list[list[str]]) -> list[list[str]]:
        docs = nlp.pipe((Doc(nlp.vocab, words=words) for words in rows), batch_size=spec["batch_size"])
        return [[token.tag_ for token in doc] for doc in docs]

    time_answers(tag, inputs, packages=PACKAGES, units=sum(map(len, inputs)))


if __name__ == "__main__":
    main()
