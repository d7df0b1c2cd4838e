"""Recipes: what a YAML file may say, how it is read, and what is wrong with it. No torch here."""

from seqtasks.recipe.load import dump_recipe, json_schema, load_recipe, parse_recipe
from seqtasks.recipe.recipes import (
    CaptioningRecipe,
    ChatRecipe,
    ClassificationRecipe,
    DescriptionRecipe,
    ForecastingRecipe,
    FrameClassificationRecipe,
    FrameTaggingRecipe,
    ImageClassificationRecipe,
    LanguageModelingRecipe,
    MusicRecipe,
    PronunciationRecipe,
    Recipe,
    RegressionRecipe,
    TaggingRecipe,
    TranslationRecipe,
)

__all__ = [
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
    "dump_recipe",
    "json_schema",
    "load_recipe",
    "parse_recipe",
]
