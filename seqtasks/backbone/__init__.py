"""Inputs, cells, the stacked recurrent network and attention: no text, no recipe."""

from seqtasks.backbone.attention import Attention, Memory
from seqtasks.backbone.batch import IGNORE_INDEX, Batch, Characters, Features, Frames, Images, Inputs, Tokens
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding, State
from seqtasks.backbone.inputs import (
    AttributeInput,
    CharacterFeatures,
    FeatureInput,
    FrameInput,
    ImageInput,
    TokenInput,
)
from seqtasks.backbone.masking import real_steps
from seqtasks.backbone.rnn import RNN

__all__ = [
    "IGNORE_INDEX",
    "RNN",
    "Attention",
    "AttributeInput",
    "Batch",
    "CharacterFeatures",
    "Characters",
    "Dropout",
    "Encoding",
    "FeatureInput",
    "Features",
    "FrameInput",
    "Frames",
    "ImageInput",
    "Images",
    "Inputs",
    "Memory",
    "State",
    "TokenInput",
    "Tokens",
    "real_steps",
]
