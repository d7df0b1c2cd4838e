"""Words that a model knows before it is trained: those with a vector, and those of the run that it starts from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqtasks.data.tokenization import SPECIAL_TOKENS, TextTokenizer
from seqtasks.data.vectors import WordVectors
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.run_directory import RunDirectory
from seqtasks.share.fetch import find_run

_WORDS = ("word", "whitespace")


def known_words(recipe: Any, vectors: WordVectors | None) -> Sequence[str]:
    """Words that have a place in the vocabulary although training may not have seen them, the most frequent first.

    Args:
        recipe: with `tokenizer` and `train` blocks.
        vectors: of its input.

    Raises:
        RunError: `train.init_from` names no run, or its vocabulary cannot be read.
    """
    words = list(vectors.words) if vectors else []
    if recipe.train.init_from is not None and _has_words(recipe):
        words += _words_of(find_run(recipe.train.init_from))
    return words


def _words_of(run: Path) -> list[str]:
    recipe = RunDirectory.open(run).recipe
    path = run / "tokenizer.json"
    if not path.exists() or not _has_words(recipe):
        return []
    if recipe.task == "tagging":
        vocabulary = Vocabulary.load(path)
        return vocabulary.items[: vocabulary.kept]
    return [word for word in TextTokenizer.load(path).vocabulary if word not in SPECIAL_TOKENS]


def _has_words(recipe: Any) -> bool:
    """Whether tokens are words, which mean the same in every vocabulary; a tagger has no others."""
    return getattr(getattr(recipe, "tokenizer", None), "model", "word") in _WORDS
