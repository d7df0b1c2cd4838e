"""seqtasks: sequence tasks with recurrent networks.

    seqtasks.load("runs/translate").predict(["The PIN is invalid."])

Names are imported when they are first used, so `import seqtasks` is quick and loads no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqtasks.backbone import (
        RNN,
        Attention,
        AttributeInput,
        CharacterFeatures,
        Encoding,
        FeatureInput,
        FrameInput,
        ImageInput,
        TokenInput,
    )
    from seqtasks.heads import (
        ClassificationHead,
        CRFTaggingHead,
        DecoderHead,
        LanguageModelHead,
        RegressionHead,
        TaggingHead,
    )
    from seqtasks.predictor import Predictor, load
    from seqtasks.recipe import load_recipe

_HOMES = {
    "Attention": "backbone",
    "AttributeInput": "backbone",
    "CRFTaggingHead": "heads",
    "CharacterFeatures": "backbone",
    "ClassificationHead": "heads",
    "DecoderHead": "heads",
    "Encoding": "backbone",
    "FeatureInput": "backbone",
    "FrameInput": "backbone",
    "ImageInput": "backbone",
    "LanguageModelHead": "heads",
    "Predictor": "predictor",
    "RNN": "backbone",
    "RegressionHead": "heads",
    "TaggingHead": "heads",
    "TokenInput": "backbone",
    "load": "predictor",
    "load_recipe": "recipe",
}

__all__ = [
    "RNN",
    "Attention",
    "AttributeInput",
    "CRFTaggingHead",
    "CharacterFeatures",
    "ClassificationHead",
    "DecoderHead",
    "Encoding",
    "FeatureInput",
    "FrameInput",
    "ImageInput",
    "LanguageModelHead",
    "Predictor",
    "RegressionHead",
    "TaggingHead",
    "TokenInput",
    "load",
    "load_recipe",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'seqtasks' has no attribute '{name}'; it has {', '.join(sorted(_HOMES))}")
    return getattr(import_module(f"seqtasks.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)
