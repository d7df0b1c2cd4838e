"""`seqtasks demo RUN`: a page on this machine on which a trained model is tried out.

Gradio (the extra `demo`) draws it. Neither the page nor its server asks the network for anything.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from seqtasks.demo.kinds import (
    captions,
    chat,
    descriptions,
    forecasts,
    labels,
    language,
    music,
    pictures,
    recordings,
    rewriting,
    tags,
)
from seqtasks.demo.page import frame
from seqtasks.demo.server import serve
from seqtasks.demo.subject import Subject

__all__ = ["KINDS", "Subject", "build_page", "serve"]

KINDS: dict[str, Callable[[Any, Subject], None]] = {
    "captioning": captions.build,
    "chat": chat.build,
    "classification": labels.build,
    "description": descriptions.build,
    "forecasting": forecasts.build,
    "frame_classification": recordings.build,
    "frame_tagging": recordings.build,
    "image_classification": pictures.build,
    "language_modeling": language.build,
    "music": music.build,
    "pronunciation": rewriting.build,
    "regression": recordings.build,
    "tagging": tags.build,
    "translation": rewriting.build,
}
"""What shows each task."""


def build_page(run: str | Path) -> Any:
    """The page of a run, a `gradio.Blocks`, which `serve` opens.

    Args:
        run: a run directory, or its name on the Hub.

    Raises:
        RunError: there is no finished run, it is damaged, or it is an export.
    """
    subject = Subject.open(run)
    with frame(subject) as page:
        KINDS[subject.task.name](page, subject)
    return page
