"""Words in, a tag for each out."""

import re
from typing import Any

import gradio as gr

from seqtasks.data.factors import SEPARATOR
from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_texts, text_examples
from seqtasks.demo.subject import Subject
from seqtasks.metrics.tagging import is_bio

COLORS = ("#2f5fd0", "#b34700", "#1f7f52", "#7d4fc4", "#0f6f77", "#b03070", "#7f5f00", "#62676f")
"""On which white letters can be read; told apart with any kind of colour vision beside their tags' names."""
_CHUNK = re.compile(r"^([\"'“”„«(\[]*)(.*?)([\"'“”»)\].,;:!?…]*)$", re.DOTALL)
_MARK = re.compile(r"^[^\w\s]+$")


def build(page: Any, subject: Subject) -> None:
    """A box for a sentence, and its words with their tags."""
    reader = subject.task.reader
    # Test rows show words alone, without the factors that a network may need.
    texts = [] if reader.factors else some_texts(subject)
    form = SEPARATOR.join(["word", *reader.factors])
    names = subject.task.labels.names
    spans = is_bio([names])
    kinds = sorted({name.partition("-")[2] for name in names if name != "O"}) if spans else names
    colors = {kind: COLORS[place % len(COLORS)] for place, kind in enumerate(kinds)}

    def tag(text: str) -> list[tuple[str, str | None]] | None:
        if not (words := split_words(text)):
            return None
        (tags,) = subject.predictor.predict([words])
        words = reader.plain(words)
        return joined(words, tags) if spans else list(zip(words, tags, strict=True))

    with gr.Row():
        with gr.Column(scale=5):
            box = gr.Textbox(label="Sentence", lines=3, value=next(iter(texts), ""), placeholder=f"{form} {form} …")
            button = gr.Button("Tag it", variant="primary")
        with gr.Column(scale=7):
            answer = gr.HighlightedText(label="Tags", color_map=colors)
    examples = text_examples(texts, box)
    respond(tag, [page.load, button.click, box.submit], [box], [answer], examples=examples)


def split_words(text: str) -> list[str]:
    """Words and punctuation marks; a text whose marks stand alone is split already, and is taken as it is."""
    chunks = text.split()
    if any(map(_MARK.match, chunks)):
        return chunks
    return [part for chunk in chunks for part in _parts(chunk)]


def _parts(chunk: str) -> list[str]:
    match = _CHUNK.match(chunk)
    before, word, after = match.groups() if match else ("", chunk, "")
    return [*before, *([word] if word else []), *after]


def joined(words: list[str], tags: list[str]) -> list[tuple[str, str | None]]:
    """Spans of BIO tags: each a text and its kind, what lies between with None."""
    found: list[tuple[str, str | None]] = []
    for word, tag in zip(words, tags, strict=True):
        begin, _, kind = tag.partition("-")
        if found and begin != "B" and found[-1][1] == (kind or None):
            found[-1] = (f"{found[-1][0]} {word}", kind or None)
        else:
            found.append((word, kind or None))
    return found
