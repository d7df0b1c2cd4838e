"""`compare.html`: the comparison as one page that opens offline, in the look of the report and under its rules."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqtasks.compare import charts
from seqtasks.compare.changes import Agreement, Change, agreement, changes
from seqtasks.compare.comparison import Comparison, ScoreLine
from seqtasks.compare.gains import (
    LabelGain,
    earnings,
    gains_by_frequency,
    gains_by_label,
    gains_by_length,
    gains_by_novelty,
    row_length,
)
from seqtasks.compare.significance import Difference
from seqtasks.compare.wording import (
    OUTCOMES,
    format_difference,
    format_effect,
    format_gain,
    format_group,
    format_value,
    method,
    p_cell,
    verdicts,
)
from seqtasks.files import write_text
from seqtasks.report.analysis import TagAccuracy
from seqtasks.report.answers.answers import is_picture
from seqtasks.report.headline import format_interval, format_number, score_title
from seqtasks.report.page import page_content, page_environment
from seqtasks.report.predictions import LabelPrediction, Prediction, TagPrediction
from seqtasks.report.run_files import Run, scored_rows

MAX_TEXT = 400
MAX_LABELS = 30


@dataclass(frozen=True)
class Pair:
    """A run beside the baseline, row by row."""

    name: str
    earned: str
    length: str
    agreement: Agreement | None
    labels: list[LabelGain]
    novelty: list[tuple[TagAccuracy, TagAccuracy]]
    gained: list[Change]
    lost: list[Change]


def write_page(path: Path, comparison: Comparison, *, command: str) -> None:
    """Write the page.

    Args:
        path: of the file.
        comparison: what it shows.
        command: how to compare again.
    """
    write_text(path, render_page(comparison, command=command))


def render_page(comparison: Comparison, *, command: str) -> str:
    """The page as text; see `write_page`."""
    figures = {"scores": charts.scores(comparison, comparison.main)}
    pairs = []
    for place, rival in enumerate(comparison.rivals, start=1):
        pair, drawn = _pair(rival.name, comparison.baseline.run, rival.run)
        pairs.append(pair)
        figures |= {f"{name}-{place}": chart for name, chart in drawn.items()}
    environment = page_environment("seqtasks.compare")
    environment.filters |= {
        "clip": lambda text: text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rstrip() + " …",
        "effect": format_effect,
        "gain": format_gain,
        "figure": lambda value: format_number(value, "value"),
        "interval": format_interval,
        "is_picture": is_picture,
        "p": p_cell,
        "percent": lambda share: format_number(share, "0-1"),
        "place": _place,
        "score_title": score_title,
        "value": format_value,
        "zip": lambda *columns: list(zip(*columns, strict=True)),
    }
    environment.globals |= {
        "difference": format_difference,
        "group_value": format_group,
        "kind_of": _kind_of,
        "max_labels": MAX_LABELS,
        "outcomes": OUTCOMES,
        "tags": _tags,
        "verdicts": lambda line: verdicts(comparison, line),
    }
    return environment.get_template("compare.html.j2").render(
        comparison=comparison,
        dataset=comparison.baseline.run.data.dataset,
        task=comparison.baseline.run.task.replace("_", " "),
        num_rows=len(scored_rows(comparison.baseline.run)),
        pairs=pairs,
        method=method(comparison),
        command=command,
        **page_content(figures),
    )


def _pair(name: str, first: Run, second: Run) -> tuple[Pair, dict[str, Any]]:
    """A run beside the baseline, and its charts by name."""
    baseline, system = scored_rows(first), scored_rows(second)
    earned = earnings(baseline), earnings(system)
    lengths = [row_length(row) for row in baseline]
    what = lengths[0][1]
    tagged = [[row for row in rows if isinstance(row, TagPrediction)] for rows in (baseline, system)]
    gained, lost = changes(baseline, system, earned)
    pair = Pair(
        name=name,
        earned=earned[0].title,
        length=what,
        agreement=agreement(baseline, system),
        labels=gains_by_label(baseline, system) if isinstance(baseline[0], (LabelPrediction, TagPrediction)) else [],
        novelty=gains_by_novelty(*tagged) if all(tagged) else [],
        gained=gained,
        lost=lost,
    )
    drawn = {}
    buckets = gains_by_length(*earned, [length for length, _ in lengths])
    if len(buckets) > 1:
        drawn["length"] = charts.gains(buckets, title=f"gain: {pair.earned}", by=f"length in {what}")
    buckets = gains_by_frequency(first, second)
    if len(buckets) > 1:
        title, side = ("accuracy", "inputs") if all(tagged) else ("F1 of words", "references")
        by = f"times that a word stands in the training {side}"
        drawn["frequency"] = charts.gains(buckets, title=f"gain: points of {title}", by=by, of="words")
    return pair, drawn


def _place(difference: Difference, line: ScoreLine) -> dict[str, float]:
    """Where a difference and its interval lie in percent of a scale with 0 in the middle and better to the right."""
    found = [test.difference for test in line.tests if test.difference]
    widest = max((abs(end) for each in found for end in (each.low, each.high, each.value)), default=0.0) or 1.0
    sign = 1 if line.kind.higher_is_better else -1
    value, *ends = (50 + 46 * sign * number / widest for number in (difference.value, difference.low, difference.high))
    return {"value": value, "low": min(ends), "width": max(ends) - min(ends)}


def _kind_of(row: Prediction) -> str:
    """Which template shows a row's answers."""
    return "words" if isinstance(row, TagPrediction) and row.words else type(row).__name__


def _tags(change: Change) -> list[tuple[str, str, str, str]]:
    """(word, reference, the baseline's tag, the run's), with the words around those that they tag differently."""
    first, second = change.first, change.second
    if not isinstance(first, TagPrediction) or not isinstance(second, TagPrediction):
        return []
    steps = list(zip(first.words, first.reference, first.prediction, second.prediction, strict=True))
    differ = [place for place, step in enumerate(steps) if step[2] != step[3]]
    return steps[max(0, differ[0] - 8) : differ[-1] + 9][:60] if differ else steps[:60]
