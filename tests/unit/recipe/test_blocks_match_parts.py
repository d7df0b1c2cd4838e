"""A block's fields and defaults are its part's keyword-only arguments, so a default is written once in effect."""

import inspect
from typing import Any, get_args

import pytest

from seqtasks import (
    RNN,
    AttributeInput,
    CharacterFeatures,
    ClassificationHead,
    CRFTaggingHead,
    DecoderHead,
    FrameInput,
    ImageInput,
    LanguageModelHead,
    RegressionHead,
    TaggingHead,
    TokenInput,
)
from seqtasks.backbone import attention, cells
from seqtasks.recipe import blocks

# What a part is told by the task, not by the recipe.
PARTS = [
    (
        blocks.TokenInputBlock,
        TokenInput,
        {"characters", "vectors", "factor_vocab_sizes", "factor_size", "padding_id", "unknown_id"},
    ),
    (blocks.TaggerInputBlock, TokenInput, {"factor_vocab_sizes", "padding_id", "unknown_id"}),
    (blocks.CharactersBlock, CharacterFeatures, set()),
    (blocks.ImageInputBlock, ImageInput, set()),
    (blocks.BackboneBlock, RNN, set()),
    (blocks.ClassificationHeadBlock, ClassificationHead, set()),
    (blocks.FrameInputBlock, FrameInput, set()),
    (blocks.AttributeInputBlock, AttributeInput, set()),
    (blocks.ImageLabelHeadBlock, ClassificationHead, {"pooling"}),
    (blocks.RegressionHeadBlock, RegressionHead, set()),
    (blocks.LanguageModelHeadBlock, LanguageModelHead, set()),
    (blocks.DecoderHeadBlock, DecoderHead, {"embedding", "bos_id"}),
]


def _settings(part: type) -> dict[str, Any]:
    parameters = inspect.signature(part).parameters.values()
    defaults = {item.name: item.default for item in parameters if item.kind is inspect.Parameter.KEYWORD_ONLY}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in defaults.items()}


@pytest.mark.parametrize(("block", "part", "told_by_the_task"), PARTS)
def test_fields_and_defaults_are_the_keyword_arguments(block, part, told_by_the_task):
    settings = _settings(part)
    assert told_by_the_task <= settings.keys()
    expected = {name: value for name, value in settings.items() if name not in told_by_the_task}
    assert block().model_dump() == expected


@pytest.mark.parametrize(("block", "part", "told_by_the_task"), PARTS)
def test_types_of_choices_are_the_same(block, part, told_by_the_task):
    for name, field in block.model_fields.items():
        annotation = inspect.signature(part).parameters[name].annotation
        assert _choices(field.annotation) == _choices(annotation), name


def test_the_block_of_a_tagging_head_chooses_between_two_parts():
    settings = blocks.TaggingHeadBlock().model_dump()
    assert not settings.pop("crf")
    assert settings == _settings(TaggingHead)
    assert settings["dropout"] == _settings(CRFTaggingHead)["dropout"]


def _choices(annotation: Any) -> set[Any]:
    """The values of a `Literal`, alone or in a union."""
    arguments = get_args(annotation)
    return {value for item in arguments for value in _choices(item) | ({item} if isinstance(item, str) else set())}


def test_names_of_cells_and_attentions():
    assert get_args(blocks.CellName) == get_args(cells.CellName) == cells.CELLS
    assert get_args(blocks.AttentionName) == get_args(attention.AttentionName)
