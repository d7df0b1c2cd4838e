"""A recording in, a label, a number or a tag for each frame out."""

import json
from typing import Any

import gradio as gr
from markupsafe import Markup

from seqtasks.demo.charts import drawn, tags_chart
from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_rows, text_examples
from seqtasks.demo.markup import big, hint, note, section
from seqtasks.demo.subject import Subject
from seqtasks.input_lines import InputField, parse_input
from seqtasks.report.frame_charts import recording

MOST_LABELS = 5
_MFCC = 13


def build(page: Any, subject: Subject) -> None:
    """A choice of test rows, or a sound, drawn over time, and the answer."""
    rows = some_rows(subject)
    labelled = subject.task.name == "frame_classification"

    def answer(place: int | None, sound: str | None = None) -> Any:
        if sound is None and place is None:
            return (None, hint("Choose a recording.")) if labelled else hint("Choose a recording.")
        row = None if sound is not None or place is None else rows[int(place)]
        given: Any = sound if row is None else row.input
        right = (
            note(f"Right answer: {_short(row.reference)}.")
            if row is not None and isinstance(row.reference, str)
            else ""
        )
        if labelled:
            (shares,) = subject.task.distributions(subject.model, [given])
            return shares, Markup(right) + _chart(row)
        (tags,) = subject.predictor.predict([given])
        return _chart(row) + _tags(subject, tags, row)

    if subject.task.name == "regression":
        _build_numbers(page, subject)
        return
    with gr.Row():
        with gr.Column(scale=4):
            choices = [(f"{row.index + 1}. {_short(row.reference)}", place) for place, row in enumerate(rows)]
            chosen = gr.Dropdown(choices, value=0 if rows else None, label="Recording of the test set")
            inputs, triggers = [chosen], [page.load, chosen.change]
            if _reads_sounds(subject):
                sound = gr.Audio(
                    sources=["upload", "microphone"],
                    type="filepath",
                    label="Your recording",
                    buttons=[],
                    editable=False,
                )
                inputs, triggers = [chosen, sound], [*triggers, sound.change]
        with gr.Column(scale=8):
            label = [gr.Label(label="Label", num_top_classes=MOST_LABELS)] if labelled else []
            shown = gr.HTML(label="Recording", apply_default_css=False)
    respond(answer, triggers, inputs, [*label, shown])


def _build_numbers(page: Any, subject: Subject) -> None:
    field = InputField.of(subject.task.recipe)
    rows = some_rows(subject)

    def predict(text: str) -> str:
        if not text.strip():
            return hint("Give a list of frames to see the number.")
        frames = parse_input(text.strip(), field, where="Frames")
        (number,) = subject.predictor.predict([frames])
        shown = drawn(recording(frames, num_frames=len(frames)), alt_text=f"A recording of {len(frames)} frames.")
        right = next((row.reference for row in rows if row.input == frames), None)
        return big(_short(number)) + (note(f"Right answer: {_short(right)}.") if right is not None else "") + shown

    texts = [json.dumps(row.input) for row in rows]
    with gr.Row():
        with gr.Column(scale=5):
            box = gr.Textbox(texts[0] if texts else "", label="Frames, a list of numbers each", lines=4, max_lines=8)
            button = gr.Button("Give the number", variant="primary")
        with gr.Column(scale=7):
            shown = gr.HTML(label="Number", apply_default_css=False)
    examples = text_examples(texts, box, names=[f"Row {row.index + 1}" for row in rows])
    respond(predict, [page.load, button.click], [box], [shown], examples=examples)


def _reads_sounds(subject: Subject) -> bool:
    """Whether frames may be those that are computed of sounds; sets of the catalog come as frames."""
    is_catalog = subject.task.recipe.dataset.path.startswith("catalog/")
    return subject.task.reader.num_features == _MFCC and not is_catalog


def _chart(row: Any) -> Markup:
    if row is None or not row.input:
        return Markup("")
    cut = len(row.input) < row.length
    text = (
        f"The first {len(row.input)} of {row.length} frames; the run keeps no more." if cut else f"{row.length} frames."
    )
    chart = drawn(recording(row.input, num_frames=len(row.input)), alt_text=f"A recording: {text}")
    return section("Recording", chart + note(text))


def _tags(subject: Subject, tags: list[str], row: Any) -> Markup:
    if not tags:
        return note("The recording has no frame.")
    strips = {"answer": tags} if row is None else {"right": row.reference[: len(tags)], "answer": tags}
    return section("Tags", drawn(tags_chart(strips, subject.task.labels.names), alt_text=f"Tags: {', '.join(tags)}"))


def _short(value: Any) -> str:
    """An answer as a name for a test row."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        text = ", ".join(dict.fromkeys(map(_short, value)))
        return text if len(text) <= 32 else text[:32].rstrip() + " …"
    return str(value)
