"""What the tasks that write texts have in common: how they search, and how what they find is shown."""

from typing import Any

import gradio as gr
from markupsafe import Markup

from seqtasks.demo.markup import attention_grids, attention_table, big, n_best, section
from seqtasks.demo.subject import Subject

MOST_BEAMS = 10
HIGHEST_TEMPERATURE = 2.0


def search_sliders(subject: Subject) -> tuple[gr.Slider, gr.Slider]:
    """The width of the beam, and the temperature, above 0 of which texts are drawn instead."""
    block = subject.task.recipe.decoding
    beams = gr.Slider(
        1,
        MOST_BEAMS,
        value=min(MOST_BEAMS, block.num_beams),
        step=1,
        label="Beam size",
        info="How many texts are followed, or drawn.",
        buttons=[],
    )
    temperature = gr.Slider(
        0,
        HIGHEST_TEMPERATURE,
        value=block.temperature if block.do_sample else 0,
        step=0.1,
        label="Temperature",
        info="0 searches for the likeliest text; above 0, texts are drawn.",
        buttons=[],
    )
    return beams, temperature


def decoding(subject: Subject, *, beams: float, temperature: float) -> Any:
    """The recipe's decoding with the values of the sliders."""
    update = (
        {"do_sample": True, "num_beams": 1, "temperature": temperature}
        if temperature > 0
        else {"do_sample": False, "num_beams": int(beams)}
    )
    return subject.task.recipe.decoding.model_copy(update=update)


def written(subject: Subject, given: Any, *, beams: float, temperature: float) -> str:
    """The best text for an input, where the decoder looked, and the other texts that it considered."""
    block = decoding(subject, beams=beams, temperature=temperature)
    candidates = subject.task.candidates(subject.model, given, block, samples=int(beams))
    text = candidates[0].value
    shown = big(text)
    for found in subject.task.attention_maps(subject.model, [given], [text]):
        if subject.task.reader.role == "image":
            shown += section("Where it looked", attention_grids(found))
        elif len(found["source"]) > 1:
            shown += section("What it looked at", attention_table(found))
    if len(candidates) > 1:
        shown += section("Drawn texts" if temperature > 0 else "Best texts of the beam", n_best(candidates))
    return Markup('<div class="written">{}</div>').format(shown)
