"""Word vectors that were trained elsewhere: read from a file, or from a data set in the Hub's layout.

the 0.418 0.24968 -0.41242 ...       GloVe's text format; word2vec's and fastText's have a line of two counts before
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import DataError

_COLUMNS = ("word", "vector")


@dataclass(frozen=True)
class WordVectors:
    """Words with a vector each.

    Attributes:
        words: distinct, in the order of the file, as a rule the most frequent first.
        values: float32 `(words, size)`.
    """

    words: list[str]
    values: NDArray[np.float32]

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return int(self.values.shape[1])

    def found(self, words: list[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The places, among these words, of those with a vector, and the vectors.

        A word without one takes that of its lower-cased form.
        """
        rows = {word: row for row, word in enumerate(self.words)}
        pairs = [(place, rows.get(word, rows.get(word.lower(), -1))) for place, word in enumerate(words)]
        places = np.array([place for place, row in pairs if row >= 0], dtype=np.int64)
        return places, self.values[[row for _, row in pairs if row >= 0]]


def read_vectors(path: str) -> WordVectors:
    """Read word vectors.

    Args:
        path: a file in GloVe's, word2vec's or fastText's text format, a Parquet file with the columns `word` and
            `vector`, a safetensors file with the tensor `vectors` and, in its metadata, the JSON list `words`; or what
            `datasets.load_dataset` can load, with those two columns in the split `train`.

    Raises:
        DataError: there is no such file or data set, or it holds something else.
    """
    file = Path(path)
    try:
        if not file.is_file():
            words, values = _from_table(_data_set(path), path)
        elif file.suffix == ".parquet":
            import pyarrow.parquet as pq

            words, values = _from_table(pq.read_table(file), path)
        elif file.suffix == ".safetensors":
            words, values = _from_safetensors(file)
        else:
            words, values = _from_text(file)
    except DataError:
        raise
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"input.vectors: {path}: cannot be read ({error}); expected word vectors as text, Parquet or safetensors, "
            "or a data set of them; check the path"
        ) from None
    if not len(words) or len(words) != len(values) or not np.isfinite(values).all():
        raise DataError(
            f"input.vectors: {path}: {len(words):,} words and {len(values):,} vectors; expected one finite vector for "
            "each word; mend the file"
        )
    first = dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
    kept = sorted(first.values())
    if len(kept) == len(words):
        return WordVectors(words, values)
    return WordVectors([words[row] for row in kept], values[kept])


def _data_set(path: str) -> Any:
    import datasets

    from seqtasks.data.origin import cache_of

    return datasets.load_dataset(path, split="train", cache_dir=cache_of(path)).data.table


def _from_table(table: Any, path: str) -> tuple[list[str], NDArray[np.float32]]:
    if missing := [name for name in _COLUMNS if name not in table.column_names]:
        raise DataError(
            f"input.vectors: {path}: has the columns {', '.join(table.column_names)}, and {missing[0]} is not among "
            f"them; expected {' and '.join(_COLUMNS)}; rename them"
        )
    words = table.column("word").to_pylist()
    column = table.column("vector").combine_chunks()
    flat = np.asarray(column.flatten(), dtype=np.float32)
    return words, flat.reshape(len(words), -1)


def _from_safetensors(file: Path) -> tuple[list[str], NDArray[np.float32]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="np") as content:
            words = json.loads((content.metadata() or {})["words"])
            return words, content.get_tensor("vectors").astype(np.float32)
    except SafetensorError as error:
        raise ValueError(error) from None


def _from_text(file: Path) -> tuple[list[str], NDArray[np.float32]]:
    words: list[str] = []

    def numbers() -> Iterator[NDArray[np.float32]]:
        size = 0
        with file.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                parts = line.rstrip().split(" ")
                if number == 1 and len(parts) == 2 and all(part.isdigit() for part in parts):
                    continue
                size = size or len(parts) - 1
                word = " ".join(parts[:-size])  # a few words of GloVe's largest set hold spaces
                try:
                    vector = np.array(parts[-size:], dtype=np.float32)
                except ValueError as error:
                    raise DataError(
                        f"input.vectors: {file}:{number}: {error}; expected a word and {size} numbers; mend the line"
                    ) from None
                if len(vector) != size or not word:
                    raise DataError(
                        f"input.vectors: {file}:{number}: has {len(parts)} parts; expected a word and {size} numbers; "
                        "mend the line"
                    )
                words.append(word)
                yield vector

    vectors = list(numbers())
    return words, np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
