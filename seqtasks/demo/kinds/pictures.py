"""A picture in, a label out; and how a page takes pictures, or the vectors that stand for them."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from PIL import Image

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_rows
from seqtasks.demo.subject import Subject
from seqtasks.errors import DataError, RunError
from seqtasks.tasks.rows import load_test_rows

MOST_LABELS = 5
_DATA_URI = "data:image/png;base64,"


def build(page: Any, subject: Subject) -> None:
    """A place for a picture, and the label with its probability."""

    def classify(value: Any) -> dict[str, float] | None:
        if value is None:
            return None
        (shares,) = subject.task.distributions(subject.model, [given.read(value)])
        return dict(shares)

    with gr.Row():
        with gr.Column(scale=5):
            given = picture_input(subject)
            button = gr.Button("Label it", variant="primary")
        with gr.Column(scale=7):
            label = gr.Label(label="Label", num_top_classes=MOST_LABELS)
    given.examples()
    triggers = [page.load, button.click, given.component.change]
    respond(classify, triggers, [given.component], [label])


@dataclass(frozen=True)
class PictureInput:
    """Where a picture comes from.

    Attributes:
        component: to be filled; its value is None while there is none.
        read: from the component's value to an input of the task.
        examples: makes the pictures to begin with, where the component does not list them itself.
    """

    component: Any
    read: Callable[[Any], Any]
    examples: Callable[[], Any]


def picture_input(subject: Subject) -> PictureInput:
    """A place to drop pictures; where vectors stand for them, a choice of test rows.

    Raises:
        RunError: the rows with the vectors are not to be had.
    """
    if subject.task.recipe.input.features is not None:
        return _vectors(subject)
    pictures = [[_opened(str(row.input))] for row in some_rows(subject) if str(row.input).startswith(_DATA_URI)]
    component = gr.Image(
        pictures[0][0] if pictures else None,
        type="pil",
        image_mode=None,
        sources=["upload", "clipboard"],
        label="Picture",
        buttons=[],
        height=300,
    )

    def examples() -> Any:
        return gr.Examples(pictures, component, label="From the test set", cache_examples=False) if pictures else None

    return PictureInput(component, lambda value: value, examples)


def _vectors(subject: Subject) -> PictureInput:
    try:
        rows = load_test_rows(type(subject.task), subject.task.recipe)
    except DataError as error:
        raise RunError(
            f"{subject.path}: its pictures are vectors that another network made, and its data set cannot be read "
            f"({error}); expected the data set that the recipe names; put it there"
        ) from None
    names = {row.index: _reference(row) for row in subject.rows if row.index < len(rows)} or {0: ""}
    vectors = dict(zip(names, rows.select(list(names))[subject.task.reader.role], strict=True))
    component = gr.Dropdown(
        [(f"{place + 1}. {name}", place) for place, name in names.items()],
        value=next(iter(names)),
        label="Test row",
        info="The network reads vectors that another one made of the pictures.",
    )
    return PictureInput(component, lambda place: vectors[int(place)], lambda: None)


def _reference(row: Any) -> str:
    right = row.reference[0] if isinstance(row.reference, list) else row.reference
    return right if len(right) <= 70 else right[:70].rstrip() + " …"


def _opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.removeprefix(_DATA_URI))))
