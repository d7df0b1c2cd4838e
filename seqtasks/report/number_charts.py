"""Charts of numbers: what was predicted beside what was right, and where the errors are."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from seqtasks.report.examples import sample

MAX_DOTS = 1500


def scatter(references: NDArray[np.floating], predictions: NDArray[np.floating]) -> Any:
    """Each number as it is and as it was predicted; on the diagonal both are equal.

    Args:
        references: `(rows, numbers)`; some at random are shown if there are many.
        predictions: of the same shape.
    """
    pairs = [
        {"reference": float(right), "prediction": float(guess), "number": f"number {number + 1}"}
        for row in zip(references, predictions, strict=True)
        for number, (right, guess) in enumerate(zip(*row, strict=True))
        if np.isfinite(guess)
    ]
    low, high = float(references.min()), float(references.max())
    diagonal = alt.Chart(alt.Data(values=[{"x": low, "y": low}, {"x": high, "y": high}])).mark_line(
        strokeDash=[4, 3], strokeWidth=1, opacity=0.6
    )
    dots = alt.Chart(alt.Data(values=sample(pairs, MAX_DOTS))).mark_circle(size=28, opacity=0.5)
    axes = {"scale": alt.Scale(zero=False), "axis": alt.Axis(tickCount=5)}
    encoding: dict[str, Any] = {
        "x": alt.X("reference:Q", title="reference", **axes),
        "y": alt.Y("prediction:Q", title="prediction", **axes),
        "tooltip": [alt.Tooltip(f"{name}:Q", format=".4~g") for name in ("reference", "prediction")],
    }
    if references.shape[1] > 1:
        encoding["color"] = alt.Color("number:N", sort=None, title=None, legend=alt.Legend(orient="top"))
    return alt.layer(diagonal.encode(x="x:Q", y="y:Q"), dots.encode(**encoding)).properties(height=260)


def error_histogram(errors: NDArray[np.floating]) -> Any:
    """How many predictions are too low or too high, and by how much."""
    finite = errors[np.isfinite(errors)]
    counts, edges = np.histogram(finite, bins=min(40, max(5, len(finite) // 10)))
    rows = [
        {"from": float(low), "to": float(high), "rows": int(count)}
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title="prediction minus reference", bin="binned"),
            x2="to:Q",
            y=alt.Y("rows:Q", title="predictions", axis=alt.Axis(tickCount=5)),
            tooltip=[alt.Tooltip("from:Q", format=".3~g"), alt.Tooltip("to:Q", format=".3~g"), "rows:Q"],
        )
        .properties(height=260)
    )


def forecast(
    context: NDArray[np.floating],
    reference: NDArray[np.floating],
    prediction: NDArray[np.floating],
    widths: Mapping[str, NDArray[np.floating]],
) -> Any:
    """A window of a series: what was read, what followed, and what was forecast; step 0 is the last one read.

    Args:
        context: `(steps,)`, may be empty.
        reference: `(steps ahead,)`.
        prediction: of the same shape.
        widths: half-widths of bands around the forecast, of the same shape, by name.
    """
    last = context[-1:]
    lines = {
        "forecast": (1 - len(last), np.concatenate([last, prediction])),
        "truth": (1 - len(last), np.concatenate([last, reference])),
        "context": (1 - len(context), context),
    }
    drawn = _lines(_points(lines), lines, x="step", y="value", height=170)
    if not widths:
        return drawn
    bands = [
        {
            "step": 1 - len(last) + step,
            "low": float(f"{value - width:.5g}"),
            "high": float(f"{value + width:.5g}"),
            "band": name,
            "line": "forecast",
        }
        for name, found in widths.items()
        for step, (value, width) in enumerate(
            zip(np.concatenate([last, prediction]), np.concatenate([np.zeros(len(last)), found]), strict=True)
        )
    ]
    area = (
        alt.Chart(alt.Data(values=bands))
        .mark_area(opacity=0.16)
        .encode(x="step:Q", y="low:Q", y2="high:Q", detail="band:N", color=alt.Color("line:N", sort=list(lines)))
    )
    return alt.layer(area, drawn).properties(height=170)


def error_by_step(errors: Mapping[str, NDArray[np.floating]], *, title: str) -> Any:
    """The mean absolute error of every step ahead, of the run and of its rivals.

    Args:
        errors: `(steps ahead,)` by name.
        title: of the error's axis.
    """
    lines = {name: (1, values) for name, values in errors.items()}
    return _lines(_points(lines), lines, x="steps ahead", y=title, height=220, zero=True)


def perplexity_along(places: Sequence[int], values: Sequence[float]) -> Any:
    """The perplexity of successive parts of a text, by the tokens read so far."""
    rows = [{"tokens": place, "value": value} for place, value in zip(places, values, strict=True)]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", strokeWidth=1.8)
        .encode(
            x=alt.X("tokens:Q", title="tokens of the test split read before"),
            y=alt.Y("value:Q", title="perplexity a token", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)),
            tooltip=[alt.Tooltip("tokens:Q", format=","), alt.Tooltip("value:Q", title="perplexity", format=".4~g")],
        )
        .properties(height=220)
    )


def _points(lines: Mapping[str, tuple[int, NDArray[np.floating]]]) -> list[dict[str, Any]]:
    return [
        {"step": first + step, "value": float(f"{value:.5g}"), "line": name}
        for name, (first, values) in lines.items()
        for step, value in enumerate(values)
    ]


def _lines(
    rows: list[dict[str, Any]], names: Mapping[str, Any], *, x: str, y: str, height: int, zero: bool = False
) -> Any:
    legend = alt.Legend(orient="top", symbolOpacity=1)  # however faint the bands are
    color = alt.Color("line:N", sort=list(names), title=None, legend=legend)
    base = alt.Chart().encode(
        x=alt.X("step:Q", title=x, scale=alt.Scale(zero=False, nice=False)),
        y=alt.Y("value:Q", title=y, scale=alt.Scale(zero=zero), axis=alt.Axis(tickCount=5)),
        color=color,
        tooltip=["line:N", "step:Q", alt.Tooltip("value:Q", format=".4~g")],
    )
    layers = base.mark_line(strokeWidth=1.8), base.mark_circle(size=70, opacity=0)
    return alt.layer(*layers, data=alt.Data(values=rows)).properties(height=height)
