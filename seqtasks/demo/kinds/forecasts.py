"""The last steps of a series in, its next steps out."""

from typing import Any

import gradio as gr
import numpy as np

from seqtasks.demo.charts import MAX_SERIES, drawn, forecast_chart
from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_rows, text_examples
from seqtasks.demo.markup import hint, note
from seqtasks.demo.subject import Subject
from seqtasks.errors import DataError
from seqtasks.metrics.conformal import LEVELS


def build(page: Any, subject: Subject) -> None:
    """A box for a series, and a chart of what the network expects next."""
    rows = some_rows(subject)
    texts = [in_lines(row.input) for row in rows]
    names = _names(subject)

    def forecast(text: str) -> str:
        if not text.strip():
            return hint("Paste a series to see how the network expects it to go on.")
        steps = from_lines(text, num_series=len(names))
        (found,) = subject.predictor.predict_with_details([steps.tolist()])
        future = np.array(found.value, dtype=float).reshape(-1, len(names))
        ends = {name: found.details.get(f"interval_{name}") for name in LEVELS}
        bands = {name: np.array(pair).reshape(2, *future.shape) for name, pair in ends.items() if pair}
        values = ", ".join(f"{value:.4g}" for value in future[:, 0])
        chart = drawn(
            forecast_chart(steps, future, names, list(bands.values())), alt_text=f"Forecast of {names[0]}: {values}"
        )
        left_out = f" The first {MAX_SERIES} of {len(names)} series are drawn." if len(names) > MAX_SERIES else ""
        meant = f" The bands should hold {' and '.join(f'{name}%' for name in bands)} of the values." if bands else ""
        return chart + note(f"{len(steps)} steps read, {len(future)} forecast.{meant}{left_out}")

    with gr.Row():
        with gr.Column(scale=4):
            box = gr.Textbox(
                texts[0] if texts else "",
                label="Series",
                info="Numbers, oldest first." if len(names) == 1 else f"A line a time step: {', '.join(names)}.",
                lines=6,
                max_lines=10,
            )
            button = gr.Button("Forecast", variant="primary")
        with gr.Column(scale=8):
            chart = gr.HTML(label="Forecast", apply_default_css=False)
    examples = text_examples(texts, box, names=[f"Window {row.index + 1}" for row in rows])
    respond(forecast, [page.load, button.click], [box], [chart], examples=examples)


def in_lines(frames: Any) -> str:
    """A window `(time, series)` as text: numbers between spaces; of several series, a line for each step."""
    lines = [" ".join(f"{value:g}" for value in frame) for frame in frames]
    return (" " if all(len(frame) == 1 for frame in frames) else "\n").join(lines)


def from_lines(text: str, *, num_series: int) -> Any:
    """The steps `(time, series)` of a pasted series, whose numbers stand between spaces, commas or semicolons.

    Raises:
        DataError: it holds something else than numbers, or not as many as there are series in every step.
    """
    try:
        values = [float(part) for part in text.replace(",", " ").replace(";", " ").split()]
    except ValueError as error:
        raise DataError(f"series: {error}; expected numbers between spaces or commas; remove the rest") from None
    if not np.isfinite(values).all() or len(values) % num_series:
        raise DataError(
            f"series: {len(values)} values; expected finite numbers, {num_series} for each time step; mend the list"
        )
    return np.array(values).reshape(-1, num_series)


def _names(subject: Subject) -> list[str]:
    named = subject.task.recipe.dataset.columns.value
    columns = [named] if isinstance(named, str) else list(named)
    count = subject.task.num_series
    return columns if len(columns) == count else [f"{columns[0]} {place + 1}" for place in range(count)]
