"""Readers: from the column that a task reads to what its model reads. One file a kind of input."""

from seqtasks.tasks.readers.attributes import AttributeReader
from seqtasks.tasks.readers.features import FeatureReader
from seqtasks.tasks.readers.frames import FrameReader
from seqtasks.tasks.readers.images import ImageReader, picture_reader
from seqtasks.tasks.readers.letters import LetterReader
from seqtasks.tasks.readers.reader import Reader
from seqtasks.tasks.readers.sources import SourceReader, UtteranceReader
from seqtasks.tasks.readers.texts import TextReader
from seqtasks.tasks.readers.words import WordReader

__all__ = [
    "AttributeReader",
    "FeatureReader",
    "FrameReader",
    "ImageReader",
    "LetterReader",
    "Reader",
    "SourceReader",
    "TextReader",
    "UtteranceReader",
    "WordReader",
    "picture_reader",
]
