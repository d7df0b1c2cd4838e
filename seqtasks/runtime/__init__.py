"""Exported models without torch: `seqtasks.runtime.load("runs/pos/export").predict([["a", "sentence"]])`.

    manifest -> inputs -> network (onnxruntime) -> labels, tags, numbers, texts (search)

This package and what it imports need numpy, onnxruntime and tokenizers, and Pillow for pictures; nothing else of what
training needs. The folder is written by `seqtasks export`; docs/export.md describes it.
"""

from seqtasks.prediction import Prediction
from seqtasks.runtime.model import ExportedModel, load

__all__ = ["ExportedModel", "Prediction", "load"]
