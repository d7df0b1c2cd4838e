"""A style in, a tune out: as a sheet, as sound, and in ABC notation."""

from typing import Any

import gradio as gr
from markupsafe import Markup

from seqtasks.data.attributes import parse
from seqtasks.demo.events import respond
from seqtasks.demo.kinds.attributes import attribute_form
from seqtasks.demo.markup import hint, note
from seqtasks.demo.subject import Subject
from seqtasks.demo.tunes import RATE, notes, sound
from seqtasks.report.sheet_music import is_installed, sheet_music

_FIELDS = {"meter": ("M", "4/4"), "unit": ("L", "1/8"), "key": ("K", "C")}
"""Header fields of ABC, and what a tune has whose attributes do not say."""


def build(page: Any, subject: Subject) -> None:
    """A form for the style; the tune that is drawn for it."""
    block = subject.task.recipe.decoding

    def compose(temperature: float, *values: str | None) -> tuple[str, Any, str]:
        attributes = form.attributes(values)
        drawing = block.model_copy(update={"do_sample": True, "num_beams": 1, "temperature": temperature})
        tune = subject.task.candidates(subject.model, attributes, drawing)[0].value
        abc = abc_file(attributes, tune)
        played = notes(abc)
        return _sheet(abc), (RATE, sound(played)) if played else None, abc

    with gr.Row():
        with gr.Column(scale=4):
            with gr.Row():
                form = attribute_form(subject)
            temperature = gr.Slider(
                0.1,
                2,
                value=block.temperature,
                step=0.1,
                label="Temperature",
                info="Below 1: likely notes gain.",
                buttons=[],
            )
            button = gr.Button("Write a tune", variant="primary")
        with gr.Column(scale=8):
            sheet = gr.HTML(hint("Press the button, and a tune is written."), label="Sheet", apply_default_css=False)
            audio = gr.Audio(label="Sound", interactive=False, buttons=["download"])
            abc = gr.Textbox(label="ABC notation", lines=4, buttons=["copy"], interactive=False, elem_classes="tune")
    respond(compose, [button.click], [temperature, *form.fields], [sheet, audio, abc])


def abc_file(attributes: list[str], tune: str) -> str:
    """A tune with the header that its attributes ask for."""
    given = dict(parse(attributes))
    header = [f"{letter}:{' '.join(given.get(name, usual).split())}" for name, (letter, usual) in _FIELDS.items()]
    return "\n".join(["X:1", *header, tune.strip()]) + "\n"


def _sheet(abc: str) -> str:
    if uri := sheet_music(abc):
        return Markup('<img class="sheet" src="{}" alt="Sheet music of the tune below in ABC notation">').format(uri)
    if not is_installed():
        return note("For sheets and sound: pip install 'seqtasks[music]'")
    return note("This tune cannot be engraved: its notation is not whole.")
