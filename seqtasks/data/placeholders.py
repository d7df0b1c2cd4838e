"""Placeholders such as `{name}`: parts of a text that a program fills in, and that must survive translation.

They are replaced by numbered tokens before encoding and put back after decoding. The number is the
placeholder's place among the distinct ones of the source, so a placeholder that the target repeats or moves
keeps its number, and one never seen in training is no harder than any other.
"""

import re
from collections.abc import Collection, Sequence

TOKENS = tuple(f"<ph{number}>" for number in range(10))
"""Stand-ins for the first ten distinct placeholders of a source; further ones stay as they are."""

_PLACEHOLDER = re.compile(r"\{\w+\}")
_TOKEN = re.compile(r"<ph(\d)>")


def mask(text: str, names: Sequence[str] | None = None) -> tuple[str, list[str]]:
    """Replace placeholders by tokens.

    Args:
        text: a source, or a target.
        names: for a target, the placeholders of its source; others in it stay as they are.

    Returns:
        The masked text and the placeholders in order.
    """
    if "{" not in text:
        return text, list(names or ())
    known = list(dict.fromkeys(_PLACEHOLDER.findall(text)))[: len(TOKENS)] if names is None else list(names)
    numbers = dict(zip(known, TOKENS, strict=False))
    return _PLACEHOLDER.sub(lambda match: numbers.get(match[0], match[0]), text), known


def unmask(text: str, names: Sequence[str]) -> str:
    """Put placeholders back; a token whose number the source does not have is dropped."""
    return _TOKEN.sub(lambda match: names[int(match[1])] if int(match[1]) < len(names) else "", text)


def faithful(candidates: Sequence[Sequence[int]], source: Sequence[int], placeholders: Collection[int]) -> int:
    """Which candidate has the source's placeholders, each as often.

    Args:
        candidates: token ids of each, best first.
        source: its token ids.
        placeholders: ids of `TOKENS`.

    Returns:
        The index of the first such candidate, or 0 if there is none.
    """
    wanted = sorted(token for token in source if token in placeholders)
    for index, tokens in enumerate(candidates):
        if sorted(token for token in tokens if token in placeholders) == wanted:
            return index
    return 0
