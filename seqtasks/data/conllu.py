"""CoNLL-U files to a `datasets.Dataset`: one row a sentence, one string a word in each list.

Source: https://universaldependencies.org/format.html. Ranges of multiword tokens (`3-4`) and empty nodes (`8.1`)
are left out, so that the words are those that carry a tag.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from datasets import Dataset, Features, Sequence, Value, concatenate_datasets

from seqtasks.errors import DataError

_FIELDS = {"tokens": 1, "lemmas": 2, "upos": 3, "xpos": 4, "feats": 5}
_FEATURES = Features({name: Sequence(Value("string")) for name in _FIELDS} | {"text": Value("string")})
_WORD = re.compile(r"\d+")
_LEFT_OUT = re.compile(r"\d+-\d+|\d+\.\d+")


def read_conllu(paths: Iterable[str | Path]) -> Dataset:
    """Read files one after the other.

    Args:
        paths: CoNLL-U files, UTF-8.

    Returns:
        Columns `tokens, lemmas, upos, xpos, feats` (lists of strings, `_` where the file has it) and `text`
        (the `# text` comment, else the words joined by spaces).

    Raises:
        DataError: a file is missing, or a line is no CoNLL-U; the message starts with `file:line`.
    """
    parts = []
    for path in paths:
        try:
            with open(path, encoding="utf-8-sig") as lines:
                parts.append(parse_conllu(lines, str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: cannot be read ({error}); expected a CoNLL-U file in UTF-8") from None
    return concatenate_datasets(parts)


def parse_conllu(lines: Iterable[str], name: str) -> Dataset:
    """Read the lines of one file.

    Args:
        lines: with or without their line ends.
        name: the file's name for messages.

    Raises:
        DataError: a line is no CoNLL-U.
    """
    columns: dict[str, list] = {column: [] for column in _FEATURES}
    words: list[list[str]] = []
    text: str | None = None

    def end_sentence() -> None:
        if words:
            for column, field in _FIELDS.items():
                columns[column].append([word[field] for word in words])
            columns["text"].append(" ".join(word[1] for word in words) if text is None else text)

    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r\n")
        if not line.strip():
            end_sentence()
            words, text = [], None
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            text = value.strip() if key.strip() == "text" else text
        elif word := _word(line, f"{name}:{number}"):
            words.append(word)
    end_sentence()
    return Dataset.from_dict(columns, features=_FEATURES)


def _word(line: str, where: str) -> list[str] | None:
    """The ten fields of a word; None for a range or an empty node."""
    fields = line.split("\t")
    if len(fields) != 10:
        raise DataError(f"{where}: {len(fields)} fields; expected 10 separated by tabs; mend the line")
    if _LEFT_OUT.fullmatch(fields[0]):
        return None
    if not _WORD.fullmatch(fields[0]) or not fields[1]:
        raise DataError(
            f'{where}: the line starts with "{fields[0]}", "{fields[1]}"; '
            "expected a word's number and the word; mend the line"
        )
    return fields
