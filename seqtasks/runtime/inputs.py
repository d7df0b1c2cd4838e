"""What a user gives to the arrays that a network reads, one function for each kind of input.

They do what the readers of the tasks do, with the same parts of `seqtasks.data`, and stop short of tensors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.attributes import encode_attributes
from seqtasks.data.factors import load_factors
from seqtasks.data.frames import pad_frames, ragged_frames, scaled
from seqtasks.data.placeholders import mask
from seqtasks.data.ragged import Ragged
from seqtasks.data.scaling import Scaling
from seqtasks.data.sentences import Sentences
from seqtasks.data.series import contexts_of, last_values, steps_read
from seqtasks.data.tokenization import PAD, TextTokenizer
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError
from seqtasks.runtime.network import Values

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Encoded:
    """Inputs as numbers.

    Attributes:
        lengths: steps of each, `(inputs,)`.
        feed: what a network reads of the chosen inputs `(batch,)`.
        notes: what else is needed to answer each of them.
        cut: whether each was cut at the maximum length; None where there is none.
    """

    lengths: NDArray[np.int64]
    feed: Callable[[Rows], Values]
    notes: Sequence[Any]
    cut: NDArray[np.bool_] | None = None


Read = Callable[[Sequence[Any]], Encoded]


def reader(folder: Path, *, kind: str, **settings: Any) -> Read:
    """The reader that a manifest names.

    Args:
        folder: with the files of the reader.
        kind: `words`, `text`, `frames`, `series`, `attributes` or `picture`.
        settings: the arguments of the function below of that name.

    Raises:
        KeyError, TypeError: kind or settings are unknown.
    """
    kinds: dict[str, Callable[..., Read]] = {
        "words": words,
        "text": text,
        "frames": frames,
        "series": series,
        "attributes": attributes,
        "picture": picture,
    }
    return kinds[kind](folder, **settings)


def words(folder: Path, *, lowercase: bool, spelling: bool) -> Read:
    """Lists of words, with their factors if there are some; with `spelling` their letters are read too."""
    vocabulary = Vocabulary.load(folder / "tokenizer.json")
    characters = Vocabulary.load(folder / "tokenizer_characters.json")
    factors = load_factors(folder / "factors.json")

    def read(inputs: Sequence[Any]) -> Encoded:
        sentences = Sentences.encode(inputs, vocabulary, characters, factors, lowercase=lowercase)

        def feed(rows: Rows) -> Values:
            ids, lengths = sentences.pad(rows)
            values: Values = {"ids": ids, "lengths": lengths.astype(np.int32)}
            if spelling:
                spelled, spelled_lengths, places = sentences.spell(rows)
                values |= {"spelling": spelled, "spelling_lengths": spelled_lengths.astype(np.int32), "words": places}
            if factors:
                values["factors"] = sentences.describe(rows)
            return values

        return Encoded(sentences.words.lengths, feed, [None] * len(inputs))

    return read


def text(folder: Path, *, tokenizer: str, max_length: int | None, end: bool, placeholders: bool) -> Read:
    """Texts through the tokenizer of a file; the notes are ids and placeholders of each."""
    fitted = TextTokenizer.load(folder / tokenizer, max_length=max_length)

    def read(inputs: Sequence[Any]) -> Encoded:
        masked = [mask(given) if placeholders else (given, []) for given in inputs]
        ids, cut = fitted.encode([given for given, _ in masked], end=end)
        notes = [(ids[row].tolist(), names) for row, (_, names) in enumerate(masked)]
        return Encoded(ids.lengths, _ids(ids), notes, cut)

    return read


def attributes(folder: Path, *, delexicalize: Sequence[str]) -> Read:
    """Sets of attributes; the notes are the names that are to be copied, by their token."""
    vocabulary = Vocabulary.load(folder / "attributes.json")

    def read(inputs: Sequence[Any]) -> Encoded:
        ids, names = encode_attributes(inputs, vocabulary, delexicalize)
        return Encoded(ids.lengths, _ids(ids), names)

    return read


def frames(folder: Path) -> Read:
    """Recordings."""
    scaling = Scaling.load(folder / "scaling.json")

    def read(inputs: Sequence[Any]) -> Encoded:
        if paths := [given for given in inputs if isinstance(given, str)]:
            raise DataError(
                f"{paths[0]}: a sound file; expected frames, as an export does not read sounds; give its frames, or "
                "ask the run itself"
            )
        rows = scaled(ragged_frames(inputs, num_features=len(scaling.mean)), scaling)
        return Encoded(rows.lengths, _frames(rows), [None] * len(inputs))

    return read


def series(folder: Path, *, lag: int) -> Read:
    """Contexts of a forecast; the notes are the last values, from which changes are counted."""
    scaling = Scaling.load(folder / "scaling.json")
    num_series = len(scaling.mean)

    def read(inputs: Sequence[Any]) -> Encoded:
        contexts = contexts_of(inputs, num_series)
        rows = scaled(steps_read(contexts, num_series, lag), scaling)
        return Encoded(rows.lengths, _frames(rows), [last_values(context, lag or 1) for context in contexts])

    return read


def picture(folder: Path, *, size: int, color: bool) -> Read:
    """Pictures or the paths of picture files; needs Pillow."""
    from seqtasks.data.pictures import open_picture, pixels  # here, so that the other kinds do without Pillow

    def read(inputs: Sequence[Any]) -> Encoded:
        found = pixels([open_picture(given) for given in inputs], size=size, color=color)

        def feed(rows: Rows) -> Values:
            return {"pixels": found[rows].astype(np.float32) / np.float32(255.0)}

        return Encoded(np.ones(len(found), np.int64), feed, [None] * len(inputs))

    return read


def _ids(ids: Ragged) -> Callable[[Rows], Values]:
    def feed(rows: Rows) -> Values:
        padded, lengths = ids.pad(rows, PAD)
        return {"ids": padded, "lengths": lengths.astype(np.int32)}

    return feed


def _frames(recordings: Ragged) -> Callable[[Rows], Values]:
    def feed(rows: Rows) -> Values:
        padded, lengths = pad_frames(recordings, rows)
        return {"frames": padded, "lengths": lengths.astype(np.int32)}

    return feed
