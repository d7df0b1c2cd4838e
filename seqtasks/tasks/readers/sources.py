"""Texts that are to be written anew: to token ids with an end token, placeholders masked."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from seqtasks.data.placeholders import mask
from seqtasks.data.streaming import stream
from seqtasks.data.tokenization import UNK
from seqtasks.tasks.examples import Examples
from seqtasks.tasks.readers.texts import TextReader


class SourceReader(TextReader):
    """Reads the source side of a pair of texts; its tokenizer may be the target's as well."""

    role: ClassVar = "source"

    def encode(self, values: Sequence[str]) -> Examples:
        """Sources to ids; the notes are each source's placeholders."""
        names: list[Sequence[str]] = []

        def masked() -> Iterator[str]:
            for value in stream(values):
                text, found = mask(value)
                names.append(found or ())  # most texts have none, and share it
                yield text

        ids, cut = self.tokenizer.encode(masked(), end=True)
        return Examples(ids, ids.lengths, cut, unknown=ids.values == UNK, notes=names)


class UtteranceReader(SourceReader):
    """The same for what is said in a conversation."""

    role: ClassVar = "utterance"
