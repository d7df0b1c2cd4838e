"""`report.html`: one page that opens offline, with its charts, pictures, styles and scripts inside.

Strings from data reach the page through Jinja2's autoescaping or its `tojson` alone. The page's own content
security policy allows the two scripts named by their checksums and no connection whatever, so that neither a
text that slips through nor a chart can run a script or reach the network.
"""

import base64
import hashlib
import math
import re
from functools import cache
from importlib.resources import files
from typing import Any

import altair
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seqtasks.metrics.score import Score
from seqtasks.report import analysis, charts, examples
from seqtasks.report.headline import format_interval, format_number, headline, score_title
from seqtasks.report.records import LabelPrediction, Run, TagPrediction, TextPrediction

NUM_EXAMPLES = 12
NUM_CONFUSIONS = 12
NUM_ATTENTION_MAPS = 6
MAX_TEXT = 500
MAX_TOKENS = 80
TEXT_TASKS = ("translation", "captioning")
FULL_SCALE = {"0-1": 1.0, "BLEU": 100.0, "chrF": 100.0, "TER": 100.0}

_YAML_LINE = re.compile(r"^(\s*(?:- )?)([\w.-]+)(:)(.*)$")
_PICTURE = re.compile(r"data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+")


def render_html(run: Run) -> str:
    """A run as one HTML page."""
    failures, figures = _text_failures(run) if run.task in TEXT_TASKS else _label_failures(run)
    figures |= _curves(run) | _data_charts(run)
    scripts = [vega_bundle(), files("seqtasks.report").joinpath("templates/report.js").read_text(encoding="utf-8")]
    page = _environment().get_template("report.html.j2")
    return page.render(
        run=run,
        headline=headline(run),
        cards=[_card(run, score) for score in run.scores.test.scores],
        maps=run.attention[:NUM_ATTENTION_MAPS],
        recipe=highlight_yaml(run.recipe),
        charts={name: charts.specification(chart) for name, chart in figures.items()},
        scripts=[Markup(script) for script in scripts],
        script_sources=" ".join(f"'sha256-{_checksum(script)}'" for script in scripts),
        **failures,
    )


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script without outside parts; made once a process (seconds)."""
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version)
    # In a function of its own, for its hundreds of short names would be the page's globals otherwise.
    return f"(()=>{{{bundle}}})()"


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
    environment = Environment(
        loader=PackageLoader("seqtasks.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": _duration,
        "clip": lambda text: text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rstrip() + " …",
        "percent": lambda share: format_number(share, "0-1"),
        "score_title": score_title,
        "number": lambda score: format_number(score.value, score.unit),
        "interval": format_interval,
        "zip": lambda *columns: list(zip(*columns, strict=True)),
        "token": lambda token: token.replace("▁", "") or "␣",
        "is_picture": lambda uri: bool(_PICTURE.fullmatch(uri)),
        "is_link": lambda text: bool(re.match(r"https?://", text or "")),
    }
    environment.globals["max_tokens"] = MAX_TOKENS
    return environment


def _checksum(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _card(run: Run, score: Score) -> dict[str, Any]:
    """A score, the same score of every baseline, and where both lie on a scale from 0 to 100."""
    scale = FULL_SCALE.get(score.unit)

    def place(value: float | None) -> float | None:
        return min(100.0, 100 * value / scale) if scale and value is not None and math.isfinite(value) else None

    baselines = {
        name: next((other for other in scores if other.name == score.name), None)
        for name, scores in run.scores.test.baselines.items()
    }
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


def _label_failures(run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = run.predictions
    tagged = [row for row in rows if isinstance(row, TagPrediction)]
    labelled = [row for row in rows if isinstance(row, LabelPrediction)]
    right, total = analysis.right_and_total(rows)
    pairs = analysis.label_pairs(rows)
    buckets = analysis.length_buckets([row.length for row in rows], right, out_of=total)
    content = {
        "matrix": analysis.confusion_matrix(pairs),
        "labels": analysis.label_table(rows),
        "confusions": examples.confusions(rows, pairs, NUM_CONFUSIONS),
        "tag_accuracy": analysis.tag_accuracy(tagged),
        "worst": examples.most_wrong_tags(tagged, NUM_EXAMPLES)
        if tagged
        else examples.confident_errors(labelled, NUM_EXAMPLES),
        "drawn": examples.sample(rows, NUM_EXAMPLES),
    }
    what = "tokens" if tagged else "texts"
    return content, {"by_length": charts.score_by_length(buckets, title=f"% of {what} right", scale=100)}


def _text_failures(run: Run) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = [row for row in run.predictions if isinstance(row, TextPrediction)]
    chrf = analysis.sentence_scores(rows)
    worst, drawn = examples.text_examples(rows, chrf, NUM_EXAMPLES)
    content = {
        "diagnostics": analysis.text_diagnostics(rows, with_source=run.task == "translation"),
        "worst": worst,
        "drawn": drawn,
    }
    buckets = analysis.length_buckets([row.length for row in rows], chrf)
    return content, {"by_length": charts.score_by_length(buckets, title="mean sentence chrF", scale=1)}


def _curves(run: Run) -> dict[str, Any]:
    log = run.log
    found = {}
    if log.train:
        found["loss"] = charts.loss_curve(log)
    metric = log.end.metric if log.end and log.end.metric else run.scores.primary
    if metric != "loss" and any(event.scores.get(metric) is not None for event in log.evals):
        percent = any(score.name == metric and score.unit == "0-1" for score in run.scores.test.scores)
        title = f"validation {score_title(metric)}" + (" in %" if percent else "")
        found["score"] = charts.score_curve(log, metric, title=title, percent=percent)
    titles = {"learning_rate": "learning rate", "grad_norm": "gradient norm", "tokens_per_second": "tokens per second"}
    for field, title in titles.items():
        if any(getattr(event, field) is not None for event in log.train):
            found[field] = charts.training_curve(log, field, title=title)
    return found


def _data_charts(run: Run) -> dict[str, Any]:
    found = {}
    if any(split.lengths for split in run.data.splits.values()):
        found["lengths"] = charts.length_histogram(run.data.splits)
    if run.data.labels:
        found["balance"] = charts.label_balance(run.data.labels)
    return found
