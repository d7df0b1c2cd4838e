"""Attributes in, a text that says them out."""

from typing import Any

import gradio as gr

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.attributes import attribute_form
from seqtasks.demo.kinds.search import search_sliders, written
from seqtasks.demo.markup import hint
from seqtasks.demo.subject import Subject


def build(page: Any, subject: Subject) -> None:
    """A form, and the text that says what stands in it."""

    def describe(beams: float, temperature: float, *values: str | None) -> str:
        if not (attributes := form.attributes(values)):
            return hint("Choose an attribute to see it put into words.")
        return written(subject, attributes, beams=beams, temperature=temperature)

    with gr.Row():
        with gr.Column(scale=5):
            with gr.Row():
                form = attribute_form(subject)
            button = gr.Button("Put it into words", variant="primary")
            beams, temperature = search_sliders(subject)
        with gr.Column(scale=7):
            answer = gr.HTML(label="Text", apply_default_css=False)
    changed = [field.change if isinstance(field, gr.Dropdown) else field.submit for field in form.fields]
    triggers = [page.load, button.click, beams.change, temperature.change, *changed]
    respond(describe, triggers, [beams, temperature, *form.fields], [answer])
