"""`report.html`: one page that opens offline, with its charts, pictures, styles and scripts inside.

How strings, scripts and charts get into it is said in `page.py`.
"""

import math
import re
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from seqtasks.metrics.score import Score
from seqtasks.recipe import dump_recipe
from seqtasks.report import charts
from seqtasks.report.answers import Answers, show_answers
from seqtasks.report.answers.answers import is_picture
from seqtasks.report.durations import duration
from seqtasks.report.headline import format_interval, format_number, headline, score_title
from seqtasks.report.page import page_content, page_environment
from seqtasks.report.published import published
from seqtasks.report.rows import held_rows, row_view
from seqtasks.report.run_files import Run

NUM_ATTENTION_MAPS = 6
MAX_BYTES = 2_950_000
"""Of the whole page; rows of the section "All answers" fill what its other parts leave."""
MAX_TEXT = 500
MAX_TOKENS = 80
FULL_SCALE = {"0-1": 1.0, "BLEU": 100.0, "chrF": 100.0, "TER": 100.0}

_YAML_LINE = re.compile(r"^(\s*(?:- )?)([\w.-]+)(:)(.*)$")


def render_html(run: Run) -> str:
    """A run as one HTML page."""
    answers = show_answers(run)
    figures = answers.figures | _curves(run, answers) | _data_charts(run, answers)
    view = row_view(run, answers.values)
    content = {
        "run": run,
        "headline": headline(run),
        "published": published(run),
        "cards": [_card(run, score) for score in run.scores.test.scores],
        "maps": run.attention[:NUM_ATTENTION_MAPS],
        "recipe": highlight_yaml(dump_recipe(run.recipe)),
        "answers": answers,
        **page_content(figures, scripts=["rows.js"]),
        "version": run.environment.seqtasks,
        **answers.content,
    }

    def render(max_bytes: int) -> str:
        rows = held_rows(run, view, max_bytes=max_bytes)
        return _environment().get_template("report.html.j2").render(content, rows=rows)

    return render(MAX_BYTES - len(render(0).encode()))


def highlight_yaml(text: str) -> Markup:
    """YAML as HTML with its keys and comments marked."""
    lines = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            lines.append(Markup("<i>{}</i>").format(line))
        elif match := _YAML_LINE.match(line):
            indent, key, colon, value = match.groups()
            lines.append(Markup("{}<b>{}</b>{}<span>{}</span>").format(indent, key, colon, value))
        else:
            lines.append(Markup("<span>{}</span>").format(line))
    return Markup("\n").join(lines)


@cache
def _environment() -> Environment:
    environment = page_environment()
    environment.filters |= {
        "duration": duration,
        "clip": lambda text: text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rstrip() + " …",
        "percent": lambda share: format_number(share, "0-1"),
        "score_title": score_title,
        "number": lambda score: format_number(score.value, score.unit),
        "figure": _figures,
        "interval": format_interval,
        "zip": lambda *columns: list(zip(*columns, strict=True)),
        "token": lambda token: token.replace("▁", "") or "␣",
        "is_picture": is_picture,
        "is_link": lambda text: bool(re.match(r"https?://", text or "")),
    }
    environment.globals["max_tokens"] = MAX_TOKENS
    return environment


def _figures(value: float | list[float]) -> str:
    return ", ".join(map(_figures, value)) if isinstance(value, list) else format_number(value, "value")


def _card(run: Run, score: Score) -> dict[str, Any]:
    """A score, the same score of every baseline, and where both lie in percent of a scale.

    A scale without an end, such as that of an error, ends at the largest number to be shown.
    """
    baselines = {
        name: next((other for other in scores if other.name == score.name), None)
        for name, scores in run.scores.test.baselines.items()
    }
    shown = [score.value, score.high, *(other.value for other in baselines.values() if other)]
    largest = max((value for value in shown if value is not None and math.isfinite(value)), default=0.0)
    scale = FULL_SCALE.get(score.unit, largest)

    def place(value: float | None) -> float | None:
        if value is None or not math.isfinite(value) or scale <= 0:
            return None
        return max(0.0, min(100.0, 100 * value / scale))

    validation = run.scores.validation.scores if run.scores.validation else []
    return {
        "score": score,
        "baselines": baselines,
        "validation": next((other for other in validation if other.name == score.name), None),
        "place": place(score.value),
        "low": place(score.low),
        "high": place(score.high),
        "ticks": [(name, place(other.value)) for name, other in baselines.items() if other],
    }


def _curves(run: Run, answers: Answers) -> dict[str, Any]:
    log = run.log
    found = {}
    if log.train:
        found["loss"] = charts.loss_curve(log, unit=answers.loss_unit)
    metric = log.end.metric if log.end and log.end.metric else run.scores.primary
    if metric != "loss" and any(event.scores.get(metric) is not None for event in log.evals):
        percent = any(score.name == metric and score.unit == "0-1" for score in run.scores.test.scores)
        title = f"validation {score_title(metric)}" + (" in %" if percent else "")
        found["score"] = charts.score_curve(log, metric, title=title, percent=percent)
    titles = {"learning_rate": "learning rate", "grad_norm": "gradient norm", "tokens_per_second": "tokens per second"}
    for field, title in titles.items():
        if any(getattr(event, field) is not None for event in log.train):
            found[field] = charts.training_curve(log, field, title=title)
    if any(event.clipped_norm is not None for event in log.train):
        found["grad_norm"] = charts.gradient_norms(log)
    return found


def _data_charts(run: Run, answers: Answers) -> dict[str, Any]:
    found = {}
    splits = run.data.splits
    if any(split.lengths and split.max_length > split.mean_length for split in splits.values()):
        found["lengths"] = charts.length_histogram(splits, steps=answers.steps)
    if run.data.labels:
        found["balance"] = charts.label_balance(run.data.labels)
    return found
