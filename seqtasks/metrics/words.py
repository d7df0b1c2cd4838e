"""Words of texts, and how often training has met them: by that the report tells what a model fails on."""

import re
from collections.abc import Callable, Iterable
from itertools import chain

from seqtasks.metrics.text import text_scorer, without_punctuation

_PLAIN_WORD = re.compile(r"\w+")


def plain_words(text: str) -> list[str]:
    """The words of a text without case and punctuation: runs of letters and digits."""
    return _PLAIN_WORD.findall(text.lower())


def word_splitter(
    *, lowercase: bool = False, tokenize: str = "13a", punctuation: bool = True
) -> Callable[[str], list[str]]:
    """What cuts a text into words as BLEU counts them; the arguments are those of `text_scores`."""
    scorer = text_scorer("bleu", lowercase=lowercase, tokenize=tokenize)

    def split(text: str) -> list[str]:
        text = text if punctuation else without_punctuation(text)
        return scorer.tokenizer(text.lower() if lowercase else text).split()

    return split


def count_words(train: Iterable[Iterable[str]], wanted: Iterable[Iterable[str]]) -> dict[str, int]:
    """How often words stand in the training rows, which are read once and not kept.

    Args:
        train: the words of each training row.
        wanted: rows whose words are counted.

    Returns:
        The counts of those that are there at all.
    """
    counts = dict.fromkeys(chain.from_iterable(wanted), 0)
    for word in chain.from_iterable(train):
        if word in counts:
            counts[word] += 1
    return {word: count for word, count in counts.items() if count}
