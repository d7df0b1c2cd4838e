"""Texts that are to be written anew: to token ids with an end token, placeholders masked."""

from collections.abc import Sequence
from typing import ClassVar

from seqtasks.data.placeholders import mask
from seqtasks.data.tokenization import UNK
from seqtasks.tasks.examples import Examples
from seqtasks.tasks.readers.texts import TextReader


class SourceReader(TextReader):
    """Reads the source side of a pair of texts; its tokenizer may be the target's as well."""

    role: ClassVar = "source"

    def encode(self, values: Sequence[str]) -> Examples:
        """Sources to ids; the notes are each source's placeholders."""
        masked = [mask(text) for text in values]
        ids, cut = self.tokenizer.encode([text for text, _ in masked], end=True)
        names = [names for _, names in masked]
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK, notes=names)


class UtteranceReader(SourceReader):
    """The same for what is said in a conversation."""

    role: ClassVar = "utterance"
