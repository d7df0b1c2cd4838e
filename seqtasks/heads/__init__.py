"""Heads: what is read off the states. Each owns its loss."""

from seqtasks.heads.classification import ClassificationHead
from seqtasks.heads.decoder import DecoderHead, DecoderState
from seqtasks.heads.output import HeadOutput, score_targets
from seqtasks.heads.tagging import TaggingHead

__all__ = ["ClassificationHead", "DecoderHead", "DecoderState", "HeadOutput", "TaggingHead", "score_targets"]
