"""What a recipe may say: one class per task, told apart by the top-level `task`.

task                  input           backbone  head                the textbook's name
image_classification  ImageInput (*)  -         ClassificationHead  one-to-one
captioning            ImageInput (*)  -         DecoderHead         one-to-many
description           AttributeInput  -         DecoderHead         one-to-many
music                 AttributeInput  -         DecoderHead         one-to-many
classification        TokenInput      RNN       ClassificationHead  many-to-one
frame_classification  FrameInput      RNN       ClassificationHead  many-to-one
regression            FrameInput      RNN       RegressionHead      many-to-one
forecasting           FrameInput      RNN       RegressionHead      many-to-one
tagging               TokenInput      RNN       (CRF)TaggingHead    many-to-many, same length
frame_tagging         FrameInput      RNN       (CRF)TaggingHead    many-to-many, same length
language_modeling     TokenInput      RNN       LanguageModelHead   many-to-many, same length
translation           TokenInput      RNN       DecoderHead         many-to-many, other length
chat                  TokenInput      RNN       DecoderHead         many-to-many, other length
pronunciation         TokenInput      RNN       DecoderHead         many-to-many, other length

(*) or FeatureInput, where another network has made vectors of the pictures
"""

from typing import Annotated

from pydantic import Field

from seqtasks.recipe.recipes.many_to_one import (
    ClassificationRecipe,
    ForecastingRecipe,
    FrameClassificationRecipe,
    RegressionRecipe,
)
from seqtasks.recipe.recipes.one_to_many import CaptioningRecipe, DescriptionRecipe, MusicRecipe
from seqtasks.recipe.recipes.one_to_one import ImageClassificationRecipe
from seqtasks.recipe.recipes.other_length import ChatRecipe, PronunciationRecipe, TranslationRecipe
from seqtasks.recipe.recipes.same_length import FrameTaggingRecipe, LanguageModelingRecipe, TaggingRecipe

__all__ = [
    "AnyRecipe",
    "CaptioningRecipe",
    "ChatRecipe",
    "ClassificationRecipe",
    "DescriptionRecipe",
    "ForecastingRecipe",
    "FrameClassificationRecipe",
    "FrameTaggingRecipe",
    "ImageClassificationRecipe",
    "LanguageModelingRecipe",
    "MusicRecipe",
    "PronunciationRecipe",
    "Recipe",
    "RegressionRecipe",
    "TaggingRecipe",
    "TranslationRecipe",
]

Recipe = (
    ImageClassificationRecipe
    | CaptioningRecipe
    | DescriptionRecipe
    | MusicRecipe
    | ClassificationRecipe
    | FrameClassificationRecipe
    | RegressionRecipe
    | ForecastingRecipe
    | TaggingRecipe
    | FrameTaggingRecipe
    | LanguageModelingRecipe
    | TranslationRecipe
    | ChatRecipe
    | PronunciationRecipe
)
AnyRecipe = Annotated[Recipe, Field(discriminator="task")]
"""Any recipe; pydantic picks the class by the value of `task`."""
