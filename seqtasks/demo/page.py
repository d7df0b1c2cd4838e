"""The frame of every page: who answers, how good it is, and what must not be expected of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from seqtasks.demo.subject import Subject

STYLE = Path(__file__).with_name("demo.css").read_text(encoding="utf-8")

TITLES = {
    "captioning": "Captions of pictures",
    "chat": "Chat",
    "classification": "Labels of texts",
    "description": "Texts for attributes",
    "forecasting": "Forecasts",
    "frame_classification": "Labels of recordings",
    "frame_tagging": "Tags of recordings",
    "image_classification": "Labels of pictures",
    "language_modeling": "Language model",
    "music": "Tunes",
    "pronunciation": "Pronunciation",
    "regression": "Numbers",
    "tagging": "Tags of words",
    "translation": "Translation",
}


def theme() -> Any:
    """Colours of the style sheet and fonts of the reader's own system, so that none is fetched."""
    colors = {
        "body_background_fill": "var(--page)",
        "body_text_color": "var(--text)",
        "body_text_color_subdued": "var(--muted)",
        "background_fill_primary": "var(--surface)",
        "background_fill_secondary": "var(--sunken)",
        "border_color_primary": "var(--line)",
        "border_color_accent": "var(--accent)",
        "color_accent_soft": "var(--accent-soft)",
        "block_background_fill": "var(--surface)",
        "block_border_color": "var(--line)",
        "block_label_background_fill": "var(--surface)",
        "block_label_text_color": "var(--muted)",
        "block_title_text_color": "var(--muted)",
        "block_info_text_color": "var(--muted)",
        "input_background_fill": "var(--page)",
        "input_border_color": "var(--line)",
        "input_border_color_focus": "var(--accent)",
        "input_placeholder_color": "var(--muted)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "var(--surface)",
        "button_secondary_background_fill_hover": "var(--sunken)",
        "button_secondary_border_color": "var(--line)",
        "button_secondary_text_color": "var(--text)",
        "slider_color": "var(--accent)",
        "stat_background_fill": "var(--accent)",
    }
    dark = {f"{name}_dark": value for name, value in colors.items()}
    sizes = {
        "block_label_text_size": "14px",
        "block_title_text_size": "14px",
        "block_radius": "10px",
        "input_radius": "8px",
        "input_border_width": "1px",
    }
    base = gr.themes.Base(font="sans-serif", font_mono="monospace")  # the style sheet names more
    return base.set(**colors, **dark, **sizes, color_accent="var(--accent)")


@contextmanager
def frame(subject: Subject) -> Iterator[Any]:
    """A page with its header; what is made within stands below."""
    with gr.Blocks(title=f"{subject.name} · seqtasks", analytics_enabled=False, delete_cache=(3600, 3600)) as page:
        gr.HTML(header(subject), apply_default_css=False)
        yield page


def header(subject: Subject) -> Markup:
    """Task, run, data set, score, limits, and where the report lies."""
    report = subject.path / "report.html"
    place = Markup('<p class="note">Report: <code>{}</code></p>').format(report) if report.exists() else ""
    return Markup(
        '<header><p class="eyebrow">{} · {}</p><h1>{}</h1><p class="headline">{}</p><p class="note">{}</p>{}</header>'
    ).format(TITLES[subject.task.name], subject.dataset, subject.name, subject.headline, subject.limits, place)
