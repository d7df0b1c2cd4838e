"""Heads: what is read off the states. Each owns its loss."""

from seqtasks.heads.classification import ClassificationHead
from seqtasks.heads.crf import CRFTaggingHead, bio_constraints
from seqtasks.heads.decoder import DecoderHead, DecoderState
from seqtasks.heads.ensemble import Encodings, EnsembleDecoderHead, join_heads
from seqtasks.heads.language_model import LanguageModelHead
from seqtasks.heads.output import HeadOutput, score_targets
from seqtasks.heads.pooling import Pooling
from seqtasks.heads.regression import RegressionHead
from seqtasks.heads.tagging import TaggingHead

__all__ = [
    "CRFTaggingHead",
    "ClassificationHead",
    "DecoderHead",
    "DecoderState",
    "Encodings",
    "EnsembleDecoderHead",
    "HeadOutput",
    "LanguageModelHead",
    "Pooling",
    "RegressionHead",
    "TaggingHead",
    "bio_constraints",
    "join_heads",
    "score_targets",
]
