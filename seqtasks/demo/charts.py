"""Charts of a page: Vega-Lite drawn to SVG here, so that the page needs no program for it.

Colours are those of the page's style sheet, light or dark. A chart is drawn twice, for wide and for narrow screens:
text that shrinks with the picture could not be read on a phone.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from markupsafe import Markup
from numpy.typing import NDArray

WIDTHS = {"wide": 560, "narrow": 300}
MAX_SERIES = 8
MARGIN = 76
"""Pixels to the left of charts whose time axes stand below each other, as in the report's of recordings."""
_AXIS = {
    "gridColor": "var(--line)",
    "domain": False,
    "ticks": False,
    "labelColor": "var(--muted)",
    "titleColor": "var(--muted)",
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
}
_CONFIG = {
    "background": None,
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": _AXIS,
    "axisX": {"labelPadding": 8},
    "legend": {"labelColor": "var(--text)", "titleColor": "var(--muted)", "labelFontSize": 12, "titleFontSize": 12},
    "header": {"labelColor": "var(--text)", "labelFontSize": 12, "labelFontWeight": 600, "title": None},
    "range": {
        "category": [
            f"var(--{name})" for name in ("accent", "warm", "good", "muted", "violet", "gold", "teal", "pink")
        ],
        "heatmap": {"scheme": "blues"},
    },
}


def drawn(chart: Any, *, alt_text: str) -> Markup:
    """A chart as part of a page.

    Args:
        chart: of Altair, without a width.
        alt_text: what it shows, for those who cannot see it.
    """
    pictures = [
        Markup('<div class="chart {}" aria-hidden="true">{}</div>').format(kind, Markup(_svg(chart, width)))
        for kind, width in WIDTHS.items()
    ]
    return Markup('<div role="img" aria-label="{}">{}</div>').format(alt_text, Markup("").join(pictures))


def _svg(chart: Any, width: int) -> str:
    specification = chart.to_dict()
    inner = specification.get("spec", specification)  # what is repeated, if something is
    inner["width"] = width
    return vl_convert.vegalite_to_svg(specification | {"config": _CONFIG})


def forecast_chart(
    context: NDArray[np.floating],
    forecast: NDArray[np.floating],
    names: Sequence[str],
    bands: Sequence[NDArray[np.floating]] = (),
) -> Any:
    """What was read of each series, and what is expected to follow.

    Args:
        context: `(steps, series)`.
        forecast: `(steps ahead, series)`.
        names: of the series.
        bands: lower and upper ends around the forecast, `(2, steps ahead, series)` each.
    """
    joined = np.concatenate([context[-1:], forecast])
    rows = [
        {"step": first + step, "value": float(f"{value:.5g}"), "series": name, "line": line}
        for line, first, values in (("read", 1 - len(context), context), ("forecast", 0, joined))
        for column, name in enumerate(names[:MAX_SERIES])
        for step, value in enumerate(values[:, column])
    ]
    for band, ends in enumerate(bands):
        rows += [
            {"step": step, "low": float(f"{low:.5g}"), "high": float(f"{high:.5g}"), "series": name, "band": band}
            for column, name in enumerate(names[:MAX_SERIES])
            for step, (low, high) in enumerate(ends[..., column].T, start=1)
        ]
    x = alt.X("step:Q", title="time step; 0 is the last one read", scale=alt.Scale(nice=False))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4))
    areas = (
        alt.Chart()
        .transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.16, color="var(--warm)")  # darker where bands overlap
        .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q", detail="band:N")
    )
    lines = (
        alt.Chart()
        .transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "line:N",
                sort=["forecast", "read"],
                title=None,
                legend=alt.Legend(orient="top", symbolStrokeWidth=3),
                scale=alt.Scale(domain=["forecast", "read"], range=["var(--warm)", "var(--accent)"]),
            ),
        )
    )
    shown = alt.layer(areas, lines) if bands else lines
    if len(names) == 1:
        return shown.properties(data=alt.Data(values=rows), height=220)
    facets = shown.properties(height=80).facet(row=alt.Row("series:N", sort=list(names)), data=alt.Data(values=rows))
    return facets.resolve_scale(y="independent")


def tags_chart(rows: Mapping[str, Sequence[str]], order: Sequence[str]) -> Any:
    """Tags along time.

    Args:
        rows: a tag for each frame, by whose tags they are.
        order: all tags, so that each has the same colour in every chart.
    """
    spans = []
    for whose, tags in rows.items():
        frame = 1
        for tag, run in groupby(tags):
            length = len(list(run))
            spans.append({"whose": whose, "tag": tag, "from": frame, "to": frame + length})
            frame += length
    shown = [tag for tag in order if any(tag in tags for tags in rows.values())]
    last = max(map(len, rows.values()))
    return (
        alt.Chart(alt.Data(values=spans))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("from:Q", title="frame", scale=alt.Scale(domain=[1, last + 1], nice=False)),
            x2="to:Q",
            y=alt.Y("whose:N", sort=None, title=None, axis=alt.Axis(minExtent=MARGIN, maxExtent=MARGIN)),
            color=alt.Color(
                "tag:N",
                title=None,
                scale=alt.Scale(domain=list(order)),
                legend=alt.Legend(orient="bottom", values=shown, columns=2),
            ),
        )
        .properties(height=30 * len(rows))
    )
