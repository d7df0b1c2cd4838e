"""A text in, another text out: translation, and the pronunciation of words."""

from typing import Any

import gradio as gr

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_texts, text_examples
from seqtasks.demo.kinds.search import search_sliders, written
from seqtasks.demo.markup import hint
from seqtasks.demo.subject import Subject

_WORDS = {"pronunciation": ("Word", "Pronounce it", 1)}
"""Label, button and lines of the box, where they are not those of translation."""


def build(page: Any, subject: Subject) -> None:
    """A box for the source; the text with its attention and its rivals."""
    texts = some_texts(subject)
    label, verb, lines = _WORDS.get(subject.task.name, ("Text", "Translate it", 3))

    def rewrite(text: str, beams: float, temperature: float) -> str:
        if not text.strip():
            return hint("Type something to see what the network writes.")
        return written(subject, text.strip(), beams=beams, temperature=temperature)

    with gr.Row():
        with gr.Column(scale=5):
            box = gr.Textbox(label=label, lines=lines, value=next(iter(texts), ""))
            button = gr.Button(verb, variant="primary")
            beams, temperature = search_sliders(subject)
        with gr.Column(scale=7):
            answer = gr.HTML(label="Answer", apply_default_css=False)
    examples = text_examples(texts, box)
    triggers = [page.load, button.click, box.submit, beams.change, temperature.change]
    respond(rewrite, triggers, [box, beams, temperature], [answer], examples=examples)
