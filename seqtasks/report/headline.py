"""The result in plain words: what the terminal, the Markdown and the HTML report all begin with."""

import math
from dataclasses import dataclass
from typing import Literal

from seqtasks.metrics.score import Score
from seqtasks.report.analysis import tag_accuracy
from seqtasks.report.predictions import PREDICTION_TYPES, TagPrediction, TextPrediction, TunePrediction
from seqtasks.report.records import Scores
from seqtasks.report.run_files import Run

TITLES = {
    "accuracy": "Accuracy",
    "macro_f1": "Macro F1",
    "span_f1": "Span F1",
    "unknown_accuracy": "Accuracy on unknown words",
    "placeholder_accuracy": "Placeholders kept",
    "bleu": "BLEU",
    "bleu_1": "BLEU of single words",
    "chrf": "chrF",
    "ter": "TER",
    "distinct_1": "Distinct words",
    "distinct_2": "Distinct word pairs",
    "mse": "Mean squared error",
    "rmse": "Root mean squared error",
    "mae": "Mean absolute error",
    "mase": "MASE",
    "scaled_mse": "Mean squared error, standardised",
    "scaled_mae": "Mean absolute error, standardised",
    "perplexity": "Perplexity a word",
    "token_perplexity": "Perplexity a token",
    "loss": "Loss a token",
    "bits_per_character": "Bits a character",
}
SENTENCES = {
    ("classification", "accuracy"): "{} of texts labelled right",
    ("image_classification", "accuracy"): "{} of pictures labelled right",
    ("frame_classification", "accuracy"): "{} of recordings labelled right",
    ("tagging", "accuracy"): "{} of tokens tagged right",
    ("tagging", "span_f1"): "{} F1 over spans",
    ("frame_tagging", "accuracy"): "{} of frames tagged right",
    ("frame_tagging", "span_f1"): "{} F1 over spans",
    ("language_modeling", "perplexity"): "Perplexity {} a word",
    ("language_modeling", "token_perplexity"): "Perplexity {} a token",
    ("language_modeling", "loss"): "{} nats a token",
    ("language_modeling", "bits_per_character"): "{} bits a character",
    ("music", "loss"): "{} nats a token of tunes never seen",
    ("music", "bits_per_character"): "{} bits a character of tunes never seen",
    ("forecasting", "mae"): "Mean absolute error {} in the unit of the series",
}
"""How the headline begins; for other scores with their title, value and support."""
DETAILS = {
    "valid_tunes": "{} of the drawn tunes can be read and have bars that add up",
    "word_error_rate": "{} of words have an error",
}
"""Scores beside the main one that belong in the headline."""


@dataclass(frozen=True)
class Headline:
    """A run's result in words.

    Attributes:
        figure: the primary score's value, such as `94.6%` or `31.0 BLEU`.
        lead: what follows the figure in the headline.
        level: whether the run beats its best baseline: surely, not surely, not at all, or no baseline is known.
        verdict: the same as a sentence.
        notes: what a reader should know before quoting the score; may be empty.
    """

    figure: str
    lead: str
    level: Literal["good", "unsure", "poor", "unknown"]
    verdict: str
    notes: list[str]

    @property
    def sentence(self) -> str:
        """The whole headline."""
        return f"{self.figure} {self.lead}"


def score_title(name: str) -> str:
    """A score's name as people write it: `macro_f1` is `Macro F1`."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def format_number(value: float | None, unit: str) -> str:
    """A value in its unit: shares become percentages, points such as `BLEU` get one digit, nats and bits three.

    Perplexities and numbers in the unit of the data get four digits in all, very small ones three.
    """
    if value is None or not math.isfinite(value):
        return "–"
    if unit == "0-1":
        return f"{100 * value:.1f}%"
    if unit in ("nats", "bits", "ratio"):
        return f"{value:.3f}"
    if unit in ("perplexity", "value"):
        if 1000 <= abs(value) < 1e12:
            return f"{value:,.0f}"
        return f"{value:.2e}" if 0 < abs(value) < 1e-3 else f"{value:#.4g}".rstrip(".")
    return f"{value:.1f}"


def score_heading(score: Score) -> str:
    """A score's title for tables, with an arrow where lower is better."""
    return score_title(score.name) + ("" if score.higher_is_better else " ↓")


def format_interval(score: Score) -> str:
    """A score's 95% interval, such as `94.2–95.0`; empty where none was computed."""
    if score.low is None or score.high is None:
        return ""
    low, high = format_number(score.low, score.unit), format_number(score.high, score.unit)
    return f"{low.rstrip('%')}–{high.rstrip('%')}"


def primary_score(scores: Scores) -> Score:
    """The test score that the run is judged by."""
    return next(score for score in scores.test.scores if score.name == scores.primary)


def best_baseline(scores: Scores) -> tuple[str, Score] | None:
    """The baseline with the best primary score, and that score; None where no baseline has one."""
    rivals = [
        (name, score)
        for name, baseline in scores.test.baselines.items()
        for score in baseline
        if score.name == scores.primary and math.isfinite(score.value)
    ]
    sign = 1 if primary_score(scores).higher_is_better else -1
    return max(rivals, key=lambda rival: sign * rival[1].value, default=None)


def headline(run: Run) -> Headline:
    """Put a run's result into words."""
    score = primary_score(run.scores)
    rival = best_baseline(run.scores)
    sentence = SENTENCES.get((run.task, score.name), f"{score_title(score.name)} {{}} on {score.support}")
    before, _, after = sentence.partition("{}")
    figure = before + format_number(score.value, score.unit)
    remarks = [f"95% interval {interval}"] if (interval := format_interval(score)) else []
    if not score.higher_is_better:
        remarks.append("lower is better")
    parts = [after.strip() + (f" ({', '.join(remarks)})" if remarks else ""), *_details(run)]
    if rival:
        parts.append(f"the best baseline, {rival[0]}, gets {format_number(rival[1].value, rival[1].unit)}")
    level, verdict = _verdict(score, rival)
    return Headline(figure=figure, lead="; ".join(parts) + ".", level=level, verdict=verdict, notes=_notes(run))


def _details(run: Run) -> list[str]:
    tagged = [row for row in run.predictions if isinstance(row, TagPrediction)]
    kinds = [kind for kind in tag_accuracy(tagged) if kind.unknown]
    unknown = [f"{format_number(kind.accuracy, '0-1')} of words never seen in training" for kind in kinds]
    others = [score for score in run.scores.test.scores if score.name in DETAILS and score.name != run.scores.primary]
    return unknown + [DETAILS[score.name].format(format_number(score.value, score.unit)) for score in others]


def _verdict(score: Score, rival: tuple[str, Score] | None) -> tuple[Literal["good", "unsure", "poor", "unknown"], str]:
    if not math.isfinite(score.value):
        return "poor", "The score is not a number: the training has probably diverged."
    if rival is None:
        return "unknown", "No baseline was scored, so there is nothing to hold this number against."
    name, baseline = rival
    sign = 1 if score.higher_is_better else -1
    # The end of the interval that lies towards the baseline.
    near = (score.low if sign > 0 else score.high) if score.low is not None and score.high is not None else None
    if sign * (score.value - baseline.value) <= 0:
        return "poor", f"It does not beat the baseline ({name}): the network has learned nothing that this rule lacks."
    if near is None:
        return "unsure", f"It is better than the best baseline ({name}); without an interval, how surely is not known."
    if sign * (near - baseline.value) <= 0:
        return "unsure", f"It is ahead of the best baseline ({name}), but by less than its interval: it may be chance."
    return "good", f"It is clearly better than the best baseline ({name}), which lies outside its interval."


def _notes(run: Run) -> list[str]:
    notes = []
    test = run.data.splits.get("test")
    # A style is asked for many times, and each time another tune is right.
    twins = 0 if PREDICTION_TYPES[run.task] is TunePrediction else run.data.duplicates.get("test", 0)
    if test and test.rows and twins / test.rows >= 0.01:
        notes.append(
            f"{twins:,} of {test.rows:,} test inputs ({100 * twins / test.rows:.1f}%) also stand in the training data, "
            "which flatters the score."
        )
    if test and test.truncated:
        notes.append(f"{test.truncated:,} of {test.rows:,} test inputs were longer than the limit and were cut.")
    evals, end = run.log.evals, run.log.end
    if end and len(evals) > 2 and end.best_step == evals[-1].step and end.reason != "early_stopping":
        notes.append("The last validation was the best one: longer training may help.")
    texts = [row for row in run.predictions if isinstance(row, TextPrediction)]
    if texts and (empty := sum(not row.prediction.strip() for row in texts)):
        notes.append(f"{empty:,} of {len(texts):,} outputs are empty.")
    return notes
