"""Charts of recordings: what the frames hold, and which tag each of them got."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from seqtasks.report.predictions import Frames

MAX_LINES = 6
MAX_CELLS = 1000
_MARGIN = 76  # in pixels; the same beside both charts, so that their time axes agree


def recording(frames: Frames, *, num_frames: int) -> Any:
    """The features of a recording over time: a line each, or rows of a heat map where there are many.

    A feature's shade in the heat map runs from its lowest value in the recording to its highest. Long recordings and
    many features are thinned to means of their neighbours.

    Args:
        frames: the first ones of the recording.
        num_frames: how many there are in all.
    """
    values = np.asarray(frames, dtype=float).reshape(len(frames), -1)
    x = _time(num_frames)
    if values.shape[1] <= MAX_LINES:
        return _lines(values, x)
    return _heat_map(values, x)


def tag_strips(reference: Sequence[str], prediction: Sequence[str], order: Sequence[str]) -> Any:
    """The tags along time, those of the reference above those predicted.

    Args:
        reference: a tag for each frame.
        prediction: the same, as predicted.
        order: all tags, so that each has the same colour in every chart.
    """
    rows = []
    for name, tags in (("reference", reference), ("predicted", prediction)):
        frame = 1
        for tag, run in groupby(tags):
            length = len(list(run))
            rows.append({"tags": name, "tag": tag, "from": frame, "to": frame + length, "last": frame + length - 1})
            frame += length
    shown = [tag for tag in order if tag in {*reference, *prediction}]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(cornerRadius=2)
        .encode(
            x=_time(len(reference), "from"),
            x2="to:Q",
            y=alt.Y("tags:N", sort=None, title=None, axis=_axis()),
            color=alt.Color(
                "tag:N",
                title=None,
                scale=alt.Scale(domain=list(order)),
                legend=alt.Legend(orient="bottom", values=shown, columns=4),
            ),
            tooltip=["tags:N", "tag:N", "from:Q", alt.Tooltip("last:Q", title="to")],
        )
        .properties(height=56)
    )


def _lines(values: NDArray[np.floating], x: Any) -> Any:
    rows = [
        {"frame": frame + 1, "feature": str(feature + 1), "value": float(f"{value:.4g}")}
        for frame, line in enumerate(values)
        for feature, value in enumerate(line)
    ]
    legend = alt.Legend(orient="top", title="feature", titleOrient="left") if values.shape[1] > 1 else None
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=1.4)
        .encode(
            x=x,
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=_axis(tickCount=4)),
            color=alt.Color("feature:N", sort=None, legend=legend),
            tooltip=["feature:N", "frame:Q", "value:Q"],
        )
        .properties(height=120)
    )


def _heat_map(values: NDArray[np.floating], x: Any) -> Any:
    features = np.array_split(np.arange(values.shape[1]), min(values.shape[1], 40))
    times = np.array_split(np.arange(len(values)), min(len(values), MAX_CELLS // len(features)))
    means = np.array([[values[np.ix_(time, feature)].mean() for feature in features] for time in times])
    low, high = means.min(axis=0), means.max(axis=0)
    shades = (means - low) / np.where(high > low, high - low, 1.0)
    rows = [
        {
            "frame": int(time[0]) + 1,
            "to": int(time[-1]) + 2,
            "feature": str(feature[0] + 1),
            "value": float(f"{means[row, column]:.4g}"),
            "shade": round(float(shades[row, column]), 2),
        }
        for row, time in enumerate(times)
        for column, feature in enumerate(features)
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_rect()
        .encode(
            x=x,
            x2="to:Q",
            y=alt.Y("feature:N", sort=None, title="feature", axis=_axis(labelOverlap=True)),
            color=alt.Color("shade:Q", legend=None),
            tooltip=["feature:N", "frame:Q", "value:Q"],
        )
        .properties(height=max(60, min(160, 10 * len(features))))
    )


def _time(num_frames: int, field: str = "frame") -> Any:
    return alt.X(f"{field}:Q", title="frame", scale=alt.Scale(domain=[1, num_frames + 1], nice=False))


def _axis(**options: Any) -> Any:
    return alt.Axis(minExtent=_MARGIN, maxExtent=_MARGIN, **options)
