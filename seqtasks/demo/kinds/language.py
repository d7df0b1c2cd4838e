"""A language model writes on from a prompt, token by token, and shows what it did not expect."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
from markupsafe import Markup

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_texts, text_examples
from seqtasks.demo.markup import RAREST, improbable
from seqtasks.demo.subject import Subject

MOST_TOKENS = 500


def build(page: Any, subject: Subject) -> None:
    """A box for the prompt; the text grows below, its words coloured by their improbability."""
    block = subject.task.recipe.decoding
    prompts = list(dict.fromkeys(" ".join(text.split()[:5]) for text in some_texts(subject)))

    def write(prompt: str, temperature: float, most: float) -> Iterator[str]:
        update = {"do_sample": True, "num_beams": 1, "temperature": temperature, "max_length": int(most)}
        drawing = block.model_copy(update=update)
        parts = subject.task.improbabilities(subject.model, prompt)
        given = len(parts)
        yield improbable(parts, given=given)
        for part in subject.task.write(subject.model, prompt, drawing):
            parts.append(part)
            yield improbable(parts, given=given)
        yield improbable(parts, given=given) + _LEGEND

    with gr.Row():
        with gr.Column(scale=5):
            box = gr.Textbox(label="Prompt", info="Empty: a new text.", lines=2, value=next(iter(prompts), ""))
            button = gr.Button("Write on", variant="primary")
            stop = gr.Button("Stop")
            temperature = gr.Slider(
                0.1,
                2,
                value=block.temperature,
                step=0.1,
                label="Temperature",
                info="Below 1: likely words gain.",
                buttons=[],
            )
            most = gr.Slider(
                10, MOST_TOKENS, value=min(MOST_TOKENS, block.max_length), step=10, label="Tokens, at most", buttons=[]
            )
        with gr.Column(scale=7):
            text = gr.HTML(label="Text", apply_default_css=False)
    examples = text_examples(prompts, box)
    writing = respond(write, [page.load, button.click, box.submit], [box, temperature, most], [text], examples=examples)
    stop.click(None, cancels=writing, api_visibility="private")


_LEGEND = Markup(
    '<p class="note">The stronger the colour, the less probable the word was after all before it: '
    '<span class="rare" style="--v: 10%">1 in 2</span> <span class="rare" style="--v: 50%">1 in 30</span> '
    '<span class="rare" style="--v: 100%">1 in {:,} or rarer</span>. Grey: your own words.</p>'
).format(RAREST)
