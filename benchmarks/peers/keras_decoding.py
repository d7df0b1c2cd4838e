"""Keras: `Model.predict` on texts of fixed length; untrained, which costs as much."""

from pathlib import Path

import numpy as np
from clock import read_spec, time_answers
from keras_classification import PACKAGES, build, read_vocabulary


def main() -> None:
    """Classify."""
    spec = read_spec()
    data = Path(spec["data"])
    ids, model = read_vocabulary(data), build(data, 2)
    inputs = Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()

    def classify(texts: list[str]) -> list[str]:
        words = np.array([[ids.get(word, 1) for word in text.split(" ")] for text in texts], dtype=np.int32)
        return [str(label) for label in model.predict(words, batch_size=spec["batch_size"], verbose=0).argmax(-1)]

    time_answers(classify, inputs, packages=PACKAGES, units=sum(len(text.split(" ")) for text in inputs))


if __name__ == "__main__":
    main()
