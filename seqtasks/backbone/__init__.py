"""Inputs, cells, the stacked recurrent network and attention: no text, no recipe."""

from seqtasks.backbone.attention import Attention, Memory
from seqtasks.backbone.batch import IGNORE_INDEX, Batch, Characters, Images, Tokens
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding
from seqtasks.backbone.inputs import CharacterFeatures, ImageInput, TokenInput
from seqtasks.backbone.masking import real_steps
from seqtasks.backbone.rnn import RNN

__all__ = [
    "IGNORE_INDEX",
    "RNN",
    "Attention",
    "Batch",
    "CharacterFeatures",
    "Characters",
    "Dropout",
    "Encoding",
    "ImageInput",
    "Images",
    "Memory",
    "TokenInput",
    "Tokens",
    "real_steps",
]
