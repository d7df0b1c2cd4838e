"""Keras: `Model.fit` on ids of fixed length, timed by a callback. KERAS_BACKEND says what computes."""

from pathlib import Path

import keras
import numpy as np
from clock import Clock, read_spec

PACKAGES = {"torch": ("keras", "torch"), "jax": ("keras", "jax")}[keras.config.backend()]


def read_vocabulary(data: Path) -> dict[str, int]:
    """Ids of words; 1 is an unknown one."""
    words = (data / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    return {word: number for number, word in enumerate(words, start=2)}


def read(data: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Ids `(texts, words)` and labels `(texts,)`."""
    ids = read_vocabulary(data)
    rows = [line.split(" ") for line in (data / f"{name}.txt").read_text(encoding="utf-8").splitlines()]
    labels = sorted({row[0] for row in rows})
    words = np.array([[ids.get(word, 1) for word in row[1:]] for row in rows], dtype=np.int32)
    return words, np.array([labels.index(row[0]) for row in rows], dtype=np.int32)


def build(data: Path, labels: int) -> keras.Model:
    """An untrained classifier."""
    words = len(read_vocabulary(data)) + 4  # seqtasks has four special ones
    layers = [keras.layers.Embedding(words, 128), keras.layers.LSTM(128), keras.layers.Dense(labels)]
    model = keras.Sequential(layers)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3, global_clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


class Timer(keras.callbacks.Callback):
    """Hands each batch to the clock.

    Args:
        clock: to be told.
        batch_size: texts.
        length: words of each text.
    """

    def __init__(self, clock: Clock, batch_size: int, length: int) -> None:
        super().__init__()
        self.clock, self.batch_size, self.length = clock, batch_size, length

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """A step has been made."""
        self.clock.parameters = self.model.count_params()
        if self.clock.step + 1 in (self.clock.warmup, self.clock.steps):
            float(logs["loss"])  # waits until what was dispatched is computed
        self.clock.tick(units=self.batch_size * self.length, sentences=self.batch_size)


def main() -> None:
    """Train until the clock stops."""
    spec = read_spec()
    keras.utils.set_random_seed(spec["seed"])
    words, labels = read(Path(spec["data"]), "train")
    whole = len(words) // spec["batch_size"] * spec["batch_size"]  # so that no batch is smaller than the others
    clock = Clock(steps=spec["steps"], warmup=spec["warmup"], packages=PACKAGES)
    build(Path(spec["data"]), int(labels.max()) + 1).fit(
        words[:whole],
        labels[:whole],
        batch_size=spec["batch_size"],
        epochs=1000,
        verbose=0,
        callbacks=[Timer(clock, spec["batch_size"], words.shape[1])],
    )


if __name__ == "__main__":
    main()
