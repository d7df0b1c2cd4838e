"""A text in, a label out: how probable each label is, and which words speak for the answer."""

from typing import Any

import gradio as gr

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_texts, text_examples
from seqtasks.demo.markup import for_and_against, hint, note
from seqtasks.demo.subject import Subject
from seqtasks.saliency import saliency

MOST_LABELS = 5


def build(page: Any, subject: Subject) -> None:
    """A box for a text, the label with its probability, and the words of the text in colour."""
    texts = some_texts(subject)

    def classify(text: str) -> tuple[dict[str, float] | None, str]:
        if not text.strip():
            return None, hint("Type a text to see its label.")
        (answer,) = subject.predictor.predict_with_details([text])
        (shares,) = subject.task.distributions(subject.model, [text])
        shown = for_and_against(saliency(subject.predictor, text), text)
        cut = note("The text is longer than the model reads; its end was left out.") if "cut" in answer.details else ""
        return shares, shown + cut

    with gr.Row():
        with gr.Column(scale=5):
            box = gr.Textbox(label="Text", lines=4, value=next(iter(texts), ""))
            button = gr.Button("Label it", variant="primary")
        with gr.Column(scale=7):
            label = gr.Label(label="Label", num_top_classes=MOST_LABELS)
            words = gr.HTML(label="Why", apply_default_css=False)
    examples = text_examples(texts, box)
    respond(classify, [page.load, button.click, box.submit], [box], [label, words], examples=examples)
