"""Settings that cannot stand together."""

import pytest
from pydantic import ValidationError

from seqtasks.errors import RecipeError
from seqtasks.recipe import parse_recipe
from seqtasks.recipe.blocks import DecodingBlock, TrainBlock

CONFLICTS = {
    "beams and sampling": (
        "decoding:\n  do_sample: true",
        "r.yaml:4: decoding.do_sample: beam search does not sample, and num_beams is 5; set num_beams to 1",
    ),
    "sampling options without sampling": (
        "decoding:\n  top_p: 0.9\n  top_k: 5",
        "r.yaml:4: decoding.top_p: without effect unless tokens are sampled; set do_sample to true and num_beams to 1\n"
        "r.yaml:5: decoding.top_k: without effect unless tokens are sampled; set do_sample to true and num_beams to 1",
    ),
    "heads that do not divide": (
        "head:\n  attention: multihead\n  hidden_size: 100\n  num_heads: 3",
        "r.yaml:6: head.num_heads: 3 heads cannot share hidden_size 100 evenly; use a divisor",
    ),
    "input feeding without attention": (
        "head:\n  input_feeding: true\n  attention: null",
        "r.yaml:4: head.input_feeding: feeds the attention's vector back, and attention is null; choose an attention",
    ),
    "dot attention over states of another size": (
        "head:\n  attention: dot",
        "r.yaml:4: head.attention: dot compares vectors of one size, but head.hidden_size is 256 and the input's states"
        " have 512 units; make them equal or use general",
    ),
    "heads that do not divide the states": (
        "backbone: {hidden_size: 100}\nhead: {attention: multihead, num_heads: 16}",
        "r.yaml:4: head.num_heads: 16 heads cannot share the 200 units of the input's states evenly; use a divisor",
    ),
    "merges undone that were never made": (
        "tokenizer: {model: word, dropout: 0.1}",
        "r.yaml:3: tokenizer.dropout: undoes merges of bpe, and model is word; leave it out or use bpe",
    ),
    "two ends of training": (
        "train:\n  epochs: 10\n  max_steps: 100",
        "r.yaml:5: train.max_steps: epochs is given as well, and both say when training ends; keep one of them",
    ),
    "endless warm-up, at its block": (
        "train:\n  max_steps: 10\n  warmup_steps: 10",
        "r.yaml:5: train.warmup_steps: the warm-up would never end; expected less than max_steps, 10",
    ),
    "a fraction beside a split": (
        "dataset:\n  path: x\n  validation_fraction: 0.2",
        "r.yaml:5: dataset.validation_fraction: without effect beside a validation split; set split.validation to null",
    ),
    "a format without files, at its block": (
        "dataset:\n  path: csv",
        'r.yaml:3: dataset.data_files: path is "csv", a file format, which needs files; list them in data_files',
    ),
}


@pytest.mark.parametrize(("block", "expected"), CONFLICTS.values(), ids=CONFLICTS)
def test_conflict(block: str, expected: str) -> None:
    dataset = "#\n" if block.startswith("dataset") else "dataset: {path: x}\n"
    with pytest.raises(RecipeError) as caught:
        parse_recipe("task: translation\n" + dataset + block, source="r.yaml")
    assert str(caught.value) == expected


def test_pairs_that_may_stand_together() -> None:
    text = (
        "task: captioning\ndataset: {path: x, split: {validation: null}, validation_fraction: 0.2}\n"
        "head: {attention: multihead, input_feeding: true, num_heads: 8}\n"
        "decoding: {do_sample: true, num_beams: 1, top_k: 5, top_p: 0.9, temperature: 0.7}\n"
        "train: {max_steps: 10, warmup_steps: 9}"
    )
    recipe = parse_recipe(text, source="r.yaml")
    assert isinstance(recipe.train, TrainBlock)
    assert recipe.train.max_steps == 10


def test_blocks_made_in_python_are_checked_as_well() -> None:
    with pytest.raises(ValidationError, match="do_sample: beam search does not sample"):
        DecodingBlock(do_sample=True)
