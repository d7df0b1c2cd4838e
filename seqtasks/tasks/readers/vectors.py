"""Word vectors trained elsewhere, brought to the ids of a vocabulary."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from seqtasks.data.tokenization import SPECIAL_TOKENS
from seqtasks.data.vectors import WordVectors, read_vectors
from seqtasks.errors import RecipeError


def recipe_vectors(recipe: Any) -> WordVectors | None:
    """The vectors that `input.vectors` names; None if it names none.

    Raises:
        RecipeError: they have another size than the embeddings.
        DataError: they cannot be read.
    """
    path = getattr(recipe.input, "vectors", None)
    if path is None:
        return None
    vectors = read_vectors(path)
    if vectors.size != recipe.input.embedding_size:
        raise RecipeError(
            f"input.embedding_size: {recipe.input.embedding_size}, but the vectors of input.vectors ({path}) have "
            f"{vectors.size} numbers; expected the same; set it to {vectors.size}"
        )
    return vectors


def first_vectors(vectors: WordVectors | None, words: Sequence[str]) -> Tensor | None:
    """The `vectors` of `TokenInput`.

    Args:
        vectors: None: there are none, or the trained ones are loaded in their place.
        words: in the order of their ids, special tokens among them.
    """
    if vectors is None:
        return None
    places, values = vectors.found(list(words))
    table = torch.full((len(words), vectors.size), torch.nan)
    table[torch.from_numpy(places)] = torch.from_numpy(values)
    special = [place for place, word in enumerate(words) if word in SPECIAL_TOKENS]
    table[special] = torch.nan
    return table
