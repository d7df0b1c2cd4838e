"""The blocks that recipes are made of: each one is the settings of one part.

A block's field names and defaults are the keyword arguments of the part that it configures; a unit test
compares the two, so they cannot drift apart. Names follow the ecosystem: `dataset` takes what
`datasets.load_dataset` takes, `train` is named after transformers' `TrainingArguments`, `decoding` after
its `GenerationConfig`, and modules after `torch.nn`.
"""

from seqtasks.recipe.blocks.backbone import BackboneBlock
from seqtasks.recipe.blocks.base import AttentionName, Block, CellName, Name, PoolingName, Probability, Size, TokenName
from seqtasks.recipe.blocks.data import (
    AttributesBlock,
    DatasetBlock,
    ForecastBlock,
    FrameDatasetBlock,
    SplitBlock,
    StreamBlock,
    TokenizerBlock,
    WordsBlock,
)
from seqtasks.recipe.blocks.heads import (
    ClassificationHeadBlock,
    DecoderHeadBlock,
    DecodingBlock,
    ImageLabelHeadBlock,
    LanguageModelHeadBlock,
    RegressionHeadBlock,
    SamplingBlock,
    TaggingHeadBlock,
    TextScoresBlock,
)
from seqtasks.recipe.blocks.inputs import (
    AttributeInputBlock,
    CharactersBlock,
    FrameInputBlock,
    ImageInputBlock,
    PictureInputBlock,
    TaggerInputBlock,
    TokenInputBlock,
    WordInputBlock,
)
from seqtasks.recipe.blocks.training import TrainBlock

__all__ = [
    "AttentionName",
    "AttributeInputBlock",
    "AttributesBlock",
    "BackboneBlock",
    "Block",
    "CellName",
    "CharactersBlock",
    "ClassificationHeadBlock",
    "DatasetBlock",
    "DecoderHeadBlock",
    "DecodingBlock",
    "ForecastBlock",
    "FrameDatasetBlock",
    "FrameInputBlock",
    "ImageInputBlock",
    "ImageLabelHeadBlock",
    "LanguageModelHeadBlock",
    "Name",
    "PictureInputBlock",
    "PoolingName",
    "Probability",
    "RegressionHeadBlock",
    "SamplingBlock",
    "Size",
    "SplitBlock",
    "StreamBlock",
    "TaggerInputBlock",
    "TaggingHeadBlock",
    "TextScoresBlock",
    "TokenInputBlock",
    "TokenName",
    "TokenizerBlock",
    "TrainBlock",
    "WordInputBlock",
    "WordsBlock",
]
