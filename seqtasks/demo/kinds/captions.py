"""A picture in, a text out."""

from typing import Any

import gradio as gr

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.pictures import picture_input
from seqtasks.demo.kinds.search import search_sliders, written
from seqtasks.demo.markup import hint
from seqtasks.demo.subject import Subject


def build(page: Any, subject: Subject) -> None:
    """A place for a picture, and its caption with what the network looked at."""

    def caption(value: Any, beams: float, temperature: float) -> str:
        if value is None:
            return hint("Drop a picture to see its caption.")
        return written(subject, given.read(value), beams=beams, temperature=temperature)

    with gr.Row():
        with gr.Column(scale=5):
            given = picture_input(subject)
            button = gr.Button("Describe it", variant="primary")
            beams, temperature = search_sliders(subject)
        with gr.Column(scale=7):
            answer = gr.HTML(label="Caption", apply_default_css=False)
    given.examples()
    triggers = [page.load, button.click, given.component.change, beams.change, temperature.change]
    respond(caption, triggers, [given.component, beams, temperature], [answer])
