"""The model of a recipe without its data.

What a task learns from the training rows it keeps in files, and reads from there when it is loaded. So any task can be
loaded from files of stand-ins, vocabularies as large as the recipe allows, and build its model on torch's meta device,
which has shapes but no numbers.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models

from seqtasks.data.factors import save_factors
from seqtasks.data.labels import Labels
from seqtasks.data.scaling import Scaling
from seqtasks.data.tokenization import SPECIAL_TOKENS, UNK, TextTokenizer
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.files import write_json
from seqtasks.recipe import Recipe, TaggingRecipe
from seqtasks.recipe.blocks import TokenizerBlock, WordsBlock
from seqtasks.tasks import task_class
from seqtasks.tasks.model import SequenceModel

NUM_LABELS = 2
"""Labels are only known with the data; so many are assumed."""

NUM_SYMBOLS = 100
"""Likewise of each small set: characters, letters, phonemes, attributes, parts of speech."""

NUM_FEATURES = 10
"""Likewise numbers in a frame."""


def build(recipe: Recipe) -> SequenceModel:
    """The model of a recipe without numbers, and without its data."""
    with tempfile.TemporaryDirectory(prefix="seqtasks-explain-") as folder:
        directory = Path(folder)
        _write_stand_ins(recipe, directory)
        task = task_class(recipe).load(recipe, directory)
    with torch.device("meta"):
        return task.build()


def fills_vocabulary(recipe: Recipe) -> bool:
    """Whether the vocabulary has as many tokens as the recipe allows; alphabets never grow as large."""
    block = getattr(recipe, "tokenizer", None)
    return isinstance(block, WordsBlock) or (isinstance(block, TokenizerBlock) and block.model != "character")


def _write_stand_ins(recipe: Recipe, directory: Path) -> None:
    """Every file that some task may read."""
    block = getattr(recipe, "tokenizer", None)
    size = block.vocab_size if block is not None and fills_vocabulary(recipe) else NUM_SYMBOLS
    words: Vocabulary | TextTokenizer = _vocabulary(size) if isinstance(block, WordsBlock) else _tokenizer(size)
    words.save(directory / "tokenizer.json")
    _tokenizer(NUM_SYMBOLS).save(directory / "tokenizer_letters.json")
    _vocabulary(NUM_SYMBOLS).save(directory / "tokenizer_characters.json")
    _vocabulary(NUM_SYMBOLS).save(directory / "attributes.json")
    if isinstance(recipe, TaggingRecipe):
        names = recipe.dataset.columns.factors
        save_factors(directory / "factors.json", dict.fromkeys(names, _vocabulary(NUM_SYMBOLS)))
    Labels(_names(NUM_LABELS)).save(directory / "labels.json")
    series = _series(recipe)
    _scaling(getattr(recipe.input, "features", None) or series or NUM_FEATURES).save(directory / "scaling.json")
    _scaling(series or 1).save(directory / "scaling_outputs.json")
    write_json(directory / "series.json", {"naive_error": [1.0] * (series or 1)})


def _series(recipe: Recipe) -> int | None:
    """How many series a recipe names, side by side; None if its columns are not series."""
    columns = getattr(recipe.dataset.columns, "value", None)
    return 1 if isinstance(columns, str) else columns and len(columns)


def _tokenizer(size: int) -> TextTokenizer:
    tokens = [*SPECIAL_TOKENS, *_names(size - len(SPECIAL_TOKENS))]
    ids = {token: index for index, token in enumerate(tokens)}
    return TextTokenizer(Tokenizer(models.WordLevel(ids, unk_token=SPECIAL_TOKENS[UNK])))


def _vocabulary(size: int) -> Vocabulary:
    return Vocabulary(_names(size), kept=size)


def _scaling(size: int) -> Scaling:
    return Scaling(np.zeros(size), np.ones(size))


def _names(count: int) -> list[str]:
    return [str(number) for number in range(count)]
