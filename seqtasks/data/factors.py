"""Factors: what is known of each word beside its form, such as its part of speech (Alexandrescu and Kirchhoff 2006,
N06-2001; Sennrich and Haddow 2016, arXiv:1606.02892).

    reckons￨VBZ        a word and its factor, as one token

A word and its factors travel as one token, so whatever holds words can hold them: rows of data, lines of a file, lists
given to a model. The sign between them, U+FFE8, is the one that OpenNMT uses.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError, RunError
from seqtasks.files import read_json, write_json

SEPARATOR = "￨"


def split_factors(token: str, names: Sequence[str]) -> list[str]:
    """A word and its factors.

    Args:
        token: as it was given.
        names: of the factors; without any the token is a word.

    Raises:
        DataError: the token has another number of factors.
    """
    parts = token.split(SEPARATOR) if names else [token]
    if len(parts) != 1 + len(names):
        example = SEPARATOR.join(["word", *names])
        raise DataError(
            f'word "{token:.40}": it has {len(parts) - 1} factors; expected {len(names)}: {", ".join(names)}; '
            f"write them behind each word, as in {example}"
        )
    return parts


def save_factors(path: Path, factors: Mapping[str, Vocabulary]) -> None:
    """Write the values of each factor as JSON, if there are factors."""
    if factors:
        write_json(path, {name: vocabulary.items for name, vocabulary in factors.items()})


def load_factors(path: Path) -> dict[str, Vocabulary]:
    """Read what `save_factors` wrote; nothing where it wrote nothing.

    Raises:
        RunError: the file is damaged.
    """
    content = read_json(path) if path.exists() else {}
    if not isinstance(content, dict) or not all(map(_is_texts, content.values())):
        raise RunError(
            f"{path}: holds no factors; expected lists of texts by name; start the run again with --overwrite"
        )
    return {name: Vocabulary(items, kept=len(items)) for name, items in content.items()}


def _is_texts(items: object) -> bool:
    return isinstance(items, list) and all(isinstance(item, str) for item in items)
