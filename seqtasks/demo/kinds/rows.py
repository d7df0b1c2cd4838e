"""Test rows that a page offers to begin with."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from seqtasks.demo.subject import Subject
from seqtasks.report.predictions import Prediction

MOST = 6
_LONGEST_TEXT = 120


def some_rows(subject: Subject) -> list[Prediction]:
    """A few test rows."""
    return subject.rows[:: max(1, len(subject.rows) // MOST)][:MOST]


def some_texts(subject: Subject) -> list[str]:
    """A few test texts that fit on a button: no blank ones, each once."""
    texts = [row.input if isinstance(row.input, str) else " ".join(map(str, row.input)) for row in subject.rows]
    fitting = list(dict.fromkeys(text for text in texts if text.strip() and len(text) <= _LONGEST_TEXT))
    return fitting[:: max(1, len(fitting) // MOST)][:MOST]


def text_examples(texts: Sequence[str], box: Any, *, names: Sequence[str] | None = None) -> Any:
    """Buttons that put a text into a box.

    Args:
        texts: one at least, or there are no buttons.
        box: for the text.
        names: of the buttons, where the texts are too long for them.
    """
    if not texts:
        return None
    return gr.Examples(
        [[text] for text in texts],
        box,
        label="From the test set",
        example_labels=list(names or texts),
        cache_examples=False,
    )
