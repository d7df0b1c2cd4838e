"""The page's charts: all cells in one, and each by itself with its band over rows."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from seqtasks.gradients.findings import VANISHED
from seqtasks.gradients.measurement import Measurement, Network

SMALLEST, LARGEST = 1e-8, 1e12
"""Where the charts' axes end at the latest."""

MAX_POINTS = 200

X = alt.X("distance:Q", title="steps back from the last", axis=alt.Axis(tickCount=5, labelFlush=False))


def comparison(networks: Sequence[Network], stage: int) -> Any:
    """The medians of all cells; plain cells have solid lines, gated ones dashed ones."""
    rows = [row | {"cell": network.variant.name} for network in networks for row in _rows(network.stages[stage])]
    names = [network.variant.name for network in networks]
    half = len(names) // 2
    dashes = [[1, 0]] * half + [[5, 3]] * half
    legend = alt.Legend(orient="top", columns=half, symbolType="stroke", symbolSize=400)
    base = alt.Chart().encode(
        x=X,
        y=_norm("median", networks),
        # One domain for both, or there would be two legends.
        color=alt.Color("cell:N", scale=alt.Scale(domain=names), title=None, legend=legend),
        strokeDash=alt.StrokeDash("cell:N", scale=alt.Scale(domain=names, range=dashes), title=None, legend=legend),
        tooltip=["cell:N", *_TOOLTIP],
    )
    # Wide invisible points make the thin lines easy to hover.
    lines = base.mark_line(strokeWidth=2, clip=True), base.mark_circle(size=60, opacity=0, clip=True)
    return alt.layer(_threshold(networks), *lines, data=alt.Data(values=rows)).properties(height=380)


def single(network: Network, networks: Sequence[Network]) -> Any:
    """The median of one cell with its 10-90% band, at each stage, on the axes of all."""
    rows = [
        row | {"when": f"{stage} steps" if stage else "untrained"}
        for stage, measured in network.stages.items()
        for row in _rows(measured)
    ]
    legend = alt.Legend(orient="top") if len(network.stages) > 1 else None
    base = alt.Chart().encode(
        x=X, color=alt.Color("when:N", sort=None, title=None, legend=legend), tooltip=["when:N", *_TOOLTIP]
    )
    band = base.mark_area(opacity=0.22, clip=True).encode(y=_norm("low", networks), y2="high:Q")
    line = base.mark_line(strokeWidth=2, clip=True).encode(y=_norm("median", networks))
    points = base.mark_circle(size=60, opacity=0, clip=True).encode(y=_norm("median", networks))
    return alt.layer(_threshold(networks), band, line, points, data=alt.Data(values=rows)).properties(height=180)


_TOOLTIP = [
    alt.Tooltip("distance:Q", title="steps back"),
    alt.Tooltip("median:Q", format=".2~g"),
    alt.Tooltip("low:Q", title="10% of rows below", format=".2~g"),
    alt.Tooltip("high:Q", title="10% of rows above", format=".2~g"),
]


def _norm(field: str, networks: Sequence[Network]) -> Any:
    """The vertical axis, the same in all charts."""
    scale = alt.Scale(type="log", domain=_domain(networks))
    return alt.Y(f"{field}:Q", title="gradient norm", scale=scale, axis=alt.Axis(tickCount=6, format=".0e"))


def _domain(networks: Sequence[Network]) -> list[float]:
    stages = [measured for network in networks for measured in network.stages.values()]
    values = np.concatenate([np.concatenate([measured.low, measured.high]) for measured in stages])
    values = values[np.isfinite(values) & (values > 0)]
    low, high = np.clip([values.min(), values.max()], SMALLEST, LARGEST)
    return [float(min(low, VANISHED / 10)), float(max(high, 10.0))]


def _threshold(networks: Sequence[Network]) -> Any:
    """A line where a gradient counts as vanished."""
    rule = alt.Chart(alt.Data(values=[{"median": VANISHED, "what": "1% is left"}])).mark_rule(strokeDash=[2, 3])
    return rule.encode(y=_norm("median", networks), tooltip=["what:N"])


def _rows(measured: Measurement) -> list[dict[str, float]]:
    """At most `MAX_POINTS` distances; zero has no place on a logarithmic axis, so tiny shares stand in for it."""
    distances = np.unique(np.linspace(0, len(measured.median) - 1, MAX_POINTS).round().astype(int))
    floor = SMALLEST**2
    return [
        {"distance": int(distance)}
        | {name: float(f"{max(floor, getattr(measured, name)[distance]):.3g}") for name in ("low", "median", "high")}
        for distance in distances
        if np.isfinite(measured.high[distance])
    ]
