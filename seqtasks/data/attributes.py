"""Attributes, such as `food=Italian`, to ids; names that are to be copied are kept apart.

A name that stands in few rows cannot be learned, and need not be: in attributes and texts it is replaced by a token
(`name=*` and `<name>`), and put back into what the model writes (delexicalisation: Wen et al. 2015, arXiv:1508.01745).
"""

import re
from collections.abc import Sequence

from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import UNK
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.errors import DataError

_BRACKETS = re.compile(r"\s*([^,\[\]]+?)\s*\[([^\]]*)\]")


def encode_attributes(
    values: Sequence[Sequence[str] | str], vocabulary: Vocabulary, delexicalize: Sequence[str]
) -> tuple[Ragged, list[dict[str, str]]]:
    """The ids of each set, and its names to be copied by their token; an empty set is one unknown attribute."""
    parsed = [parse(value) for value in values]
    rows = [vocabulary.encode(general(pairs, delexicalize)) for pairs in parsed]
    ids = Ragged.from_rows([row if len(row) else [UNK] for row in rows])
    return ids, [copied_names(pairs, delexicalize) for pairs in parsed]


def parse(attributes: Sequence[str] | str) -> list[tuple[str, str]]:
    """Names and values.

    Args:
        attributes: a list of `name=value`, or a text: `name=value, name=value` or `name[value], name[value]`.

    Raises:
        DataError: there is no value.
    """
    if isinstance(attributes, str) and (found := _BRACKETS.findall(attributes)):
        return [(name, value.strip()) for name, value in found]
    parts = attributes.split(",") if isinstance(attributes, str) else attributes
    pairs = []
    for part in filter(str.strip, parts):
        name, equals, value = part.partition("=")
        if not equals:
            raise DataError(f'attributes: "{part:.60}"; expected name=value or name[value]; mend the row')
        pairs.append((name.strip(), value.strip()))
    return pairs


def general(pairs: Sequence[tuple[str, str]], delexicalize: Sequence[str]) -> list[str]:
    """`name=value` of each pair, and `name=*` where the value is copied."""
    return [f"{name}=*" if name in delexicalize else f"{name}={value}" for name, value in pairs]


def copied_names(pairs: Sequence[tuple[str, str]], delexicalize: Sequence[str]) -> dict[str, str]:
    """The values that are copied, by the token that stands for each."""
    return {f"<{name}>": value for name, value in pairs if name in delexicalize and value}


def delexicalized(text: str, names: dict[str, str]) -> str:
    """A text with each name replaced by its token, the longest name first."""
    for token, name in sorted(names.items(), key=lambda item: -len(item[1])):
        text = text.replace(name, token)
    return text


def lexicalized(text: str, names: dict[str, str]) -> str:
    """A text with each token replaced by its name."""
    for token, name in names.items():
        text = text.replace(token, name)
    return text
