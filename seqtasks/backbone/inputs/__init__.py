"""Inputs: what turns a batch of tokens, pictures, frames or attributes into vectors."""

from seqtasks.backbone.inputs.attributes import AttributeInput
from seqtasks.backbone.inputs.characters import CharacterFeatures
from seqtasks.backbone.inputs.features import FeatureInput
from seqtasks.backbone.inputs.frames import FrameInput
from seqtasks.backbone.inputs.images import ImageInput
from seqtasks.backbone.inputs.tokens import TokenInput

__all__ = ["AttributeInput", "CharacterFeatures", "FeatureInput", "FrameInput", "ImageInput", "TokenInput"]
