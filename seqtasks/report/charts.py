"""The report's charts, as Vega-Lite specifications made by Altair.

Charts carry no colours: those come from the page (`templates/report.js`), which knows whether it is shown
light or dark. Every chart fills the width of its figure.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any

import altair as alt
import numpy as np

from seqtasks.report.buckets import Bucket
from seqtasks.report.records import Log, SplitStatistics, TrainEvent

MAX_POINTS = 500
MAX_LABELS = 30
STEP = alt.X("step:Q", title="step", axis=alt.Axis(tickCount=5, labelFlush=False))


def specification(chart: Any) -> dict[str, Any]:
    """The chart as plain JSON values, without Altair's own theme; what is not a finite number becomes null."""
    spec: dict[str, Any] = chart.properties(width="container").to_dict()
    spec.pop("config", None)
    return {key: _finite(part) for key, part in spec.items()}


def loss_curve(log: Log, *, unit: str) -> Any:
    """Training and validation loss over steps."""
    rows = [{**row, "split": "training"} for row in _series(log.train, lambda event: event.loss)]
    rows += [
        {"step": event.step, "value": loss, "split": "validation"}
        for event in log.evals
        if (loss := event.scores.get("loss")) is not None and math.isfinite(loss)
    ]
    return _with_checkpoint(_curve(rows, unit, order=("training", "validation")), log)


def score_curve(log: Log, metric: str, *, title: str, percent: bool) -> Any:
    """A validation score over steps."""
    rows = [
        {"step": event.step, "value": value * (100 if percent else 1)}
        for event in log.evals
        if (value := event.scores.get(metric)) is not None and math.isfinite(value)
    ]
    return _with_checkpoint(_curve(rows, title), log)


def training_curve(log: Log, field: str, *, title: str) -> Any:
    """A number of every logged training step: `learning_rate`, `grad_norm` or `tokens_per_second`."""
    return _curve(_series(log.train, attrgetter(field)), title)


def gradient_norms(log: Log) -> Any:
    """The norm of the gradient before and after clipping."""
    fields = {"before clipping": "grad_norm", "after clipping": "clipped_norm"}
    rows = [{**row, "split": name} for name, field in fields.items() for row in _series(log.train, attrgetter(field))]
    return _curve(rows, "gradient norm", order=tuple(fields))


def score_by_bucket(
    buckets: Sequence[Bucket],
    *,
    title: str,
    by: str,
    of: str = "rows",
    scale: float = 1.0,
    highest: float = math.inf,
) -> Any:
    """The score of each bucket with its 95% interval.

    Args:
        buckets: in their order.
        title: of the score's axis.
        by: what tells the buckets apart, such as `length in tokens`.
        of: what a bucket holds.
        scale: what the scores are multiplied by.
        highest: the highest that the product can be.
    """
    rows = [
        {
            "bucket": bucket.name,
            "size": bucket.size,
            "score": scale * bucket.score,
            "low": scale * bucket.lower,
            "high": min(highest, scale * bucket.upper),
        }
        for bucket in buckets
    ]
    base = alt.Chart().encode(
        x=alt.X("bucket:N", sort=None, title=by, axis=alt.Axis(labelAngle=0)),
        tooltip=[
            alt.Tooltip("bucket:N", title=by),
            alt.Tooltip("size:Q", title=of, format=","),
            alt.Tooltip("score:Q", format=".4~g"),
            alt.Tooltip("low:Q", title="95% from", format=".4~g"),
            alt.Tooltip("high:Q", title="to", format=".4~g"),
        ],
    )
    axis = alt.Y("low:Q", title=title, scale=alt.Scale(zero=False, padding=12), axis=alt.Axis(tickCount=5))
    intervals = base.mark_rule(strokeWidth=2).encode(y=axis, y2="high:Q")
    points = base.mark_circle(size=90, opacity=1).encode(y="score:Q")
    labels = base.mark_text(dy=-7, baseline="bottom", fontSize=11)
    counts = labels.encode(y="high:Q", text=alt.Text("size:Q", format=","))
    return alt.layer(intervals, points, counts, data=alt.Data(values=rows)).properties(height=220)


def length_histogram(splits: dict[str, SplitStatistics], *, steps: str = "tokens") -> Any:
    """The distribution of lengths in every split, as shares of its rows per step of length."""
    rows = []
    for split, statistics in splits.items():
        edges = [edge for edge, _ in statistics.lengths]
        if not edges:
            continue
        total = sum(count for _, count in statistics.lengths)
        # The last bin is as wide as the one before; a histogram of one bin is one token wide.
        widths = [high - low for low, high in pairwise(edges)]
        widths.append(widths[-1] if widths else 1.0)
        for (edge, count), width in zip(statistics.lengths, widths, strict=True):
            rows.append({"split": split, "length": edge, "rows": count, "share": 100 * count / max(total, 1) / width})
        # The last step needs an end.
        rows.append({"split": split, "length": edges[-1] + widths[-1], "rows": 0, "share": 0})
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-after", strokeWidth=1.8)
        .encode(
            x=alt.X("length:Q", title=f"length in {steps}"),
            y=alt.Y("share:Q", title=f"% of rows, per {steps.removesuffix('s')}"),
            color=alt.Color("split:N", sort=None, title=None, legend=alt.Legend(orient="top")),
            tooltip=["split:N", alt.Tooltip("length:Q", title="from"), alt.Tooltip("rows:Q", format=",")],
        )
        .properties(height=220)
    )


def label_balance(labels: dict[str, dict[str, int]]) -> Any:
    """How often each label stands in each split, in percent; the most frequent labels only."""
    order = sorted(labels.get("train", {}), key=lambda label: -labels["train"][label])[:MAX_LABELS]
    rows = [
        {"label": label, "split": split, "rows": counts.get(label, 0), "share": 100 * counts.get(label, 0) / total}
        for split, counts in labels.items()
        for label in order
        if (total := sum(counts.values()))
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=140)),
            yOffset=alt.YOffset("split:N", sort=None),
            x=alt.X("share:Q", title="% of the split"),
            color=alt.Color("split:N", sort=None, title=None, legend=alt.Legend(orient="top")),
            tooltip=["label:N", "split:N", alt.Tooltip("rows:Q", format=","), alt.Tooltip("share:Q", format=".1f")],
        )
        .properties(height=max(120, 22 * len(order)))
    )


def _series(events: Sequence[TrainEvent], field: Callable[[TrainEvent], float | None]) -> list[dict[str, Any]]:
    """At most MAX_POINTS points; in a longer log each is the mean of its neighbours."""
    points = [(e.step, value) for e in events if (value := field(e)) is not None and math.isfinite(value)]
    if not points:
        return []
    parts = np.array_split(np.array(points), min(len(points), MAX_POINTS))
    return [{"step": int(part[-1, 0]), "value": float(part[:, 1].mean())} for part in parts]


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _curve(rows: list[dict[str, Any]], title: str, *, order: Sequence[str] = ()) -> Any:
    base = alt.Chart().encode(
        x=STEP,
        y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5)),
        tooltip=[alt.Tooltip("step:Q", format=","), alt.Tooltip("value:Q", title=title, format=".4~g")],
    )
    if order:
        legend = alt.Legend(orient="top")
        base = base.encode(color=alt.Color("split:N", title=None, sort=list(order), legend=legend))
    # Wide invisible points make the thin line easy to hover.
    layers = base.mark_line(strokeWidth=1.8), base.mark_circle(size=90, opacity=0)
    return alt.layer(*layers, data=alt.Data(values=rows)).properties(height=200)


def _with_checkpoint(chart: Any, log: Log) -> Any:
    if log.end is None or log.end.best_step is None:
        return chart
    steps = sorted({log.end.best_step, *log.end.averaged_steps})
    rows = [{"step": step, "what": "best step" if step == log.end.best_step else "averaged as well"} for step in steps]
    rules = (
        alt.Chart(alt.Data(values=rows))
        .mark_rule(strokeDash=[4, 3])
        .encode(
            x=STEP,
            opacity=alt.condition(alt.datum.what == "best step", alt.value(1), alt.value(0.4)),
            tooltip=[alt.Tooltip("step:Q", format=","), "what:N"],
        )
    )
    return alt.layer(rules, chart)
