"""The page's charts: the score of each run, and gains by length and by word frequency."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from seqtasks.compare.comparison import Comparison, ScoreLine
from seqtasks.report.buckets import Bucket
from seqtasks.report.charts import score_by_bucket
from seqtasks.report.headline import score_title


def scores(comparison: Comparison, line: ScoreLine) -> Any:
    """One score of every run with its 95% interval; the baseline's goes on as a dashed line."""
    percent = line.kind.unit == "0-1"
    scale = 100 if percent else 1
    rows = [
        {
            "run": each.name,
            "score": scale * score.value,
            "low": scale * (score.value if score.low is None else score.low),
            "high": scale * (score.value if score.high is None else score.high),
        }
        for each, score in zip(comparison.contestants, line.scores, strict=True)
        if score
    ]
    title = score_title(line.name) + (" in %" if percent else "")
    axis = alt.Axis(labelLimit=180)
    base = alt.Chart().encode(
        y=alt.Y("run:N", sort=None, title=None, axis=axis),
        tooltip=[
            "run:N",
            alt.Tooltip("score:Q", title=title, format=".4~g"),
            alt.Tooltip("low:Q", title="95% from", format=".4~g"),
            alt.Tooltip("high:Q", title="to", format=".4~g"),
        ],
    )
    scale_x = alt.Scale(zero=False, padding=16)
    first = alt.Chart(alt.Data(values=rows[:1])).mark_rule(strokeDash=[4, 3], opacity=0.7).encode(x="score:Q")
    intervals = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=title, scale=scale_x, axis=alt.Axis(tickCount=6)), x2="high:Q"
    )
    points = base.mark_circle(size=110, opacity=1).encode(x="score:Q")
    runs = alt.layer(intervals, points, data=alt.Data(values=rows))
    return alt.layer(runs, first).properties(height=44 * len(rows))


def gains(buckets: Sequence[Bucket], *, title: str, by: str, of: str = "rows") -> Any:
    """The gain in each bucket with its 95% interval, above and below a line at 0; arguments as in `score_by_bucket`."""
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(strokeDash=[4, 3]).encode(y="zero:Q")
    return alt.layer(score_by_bucket(buckets, title=title, by=by, of=of), zero).properties(height=220)
