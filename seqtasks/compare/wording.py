"""Differences in plain words: what the terminal, the tables and the page say of them."""

import math
from dataclasses import dataclass
from typing import Literal

from seqtasks.compare.comparison import Comparison, ScoreLine, Tested
from seqtasks.compare.recipes import SeedGroup
from seqtasks.compare.significance import LEVEL, TRIALS, Difference
from seqtasks.metrics.bootstrap import SAMPLES
from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_number, score_title

_POINTS = ("0-1", "BLEU", "chrF", "TER")

Level = Literal["good", "poor", "unsure", "unknown"]
OUTCOMES: dict[Level, str] = {"good": "better", "poor": "worse", "unsure": "no difference", "unknown": "not tested"}
"""Each level in a word or two, for tables."""


@dataclass(frozen=True)
class Verdict:
    """Whether a run differs from the baseline in a score: surely better, surely worse, not surely, not tested."""

    level: Level
    sentence: str


def verdicts(comparison: Comparison, line: ScoreLine) -> list[Verdict]:
    """A verdict on each run but the first."""
    rivals = zip(comparison.rivals, line.tests, strict=True)
    pairs = len([test for test in line.tests if test.difference])
    return [_verdict(rival.name, comparison.baseline.name, line, test, pairs=pairs) for rival, test in rivals]


def _verdict(rival: str, baseline: str, line: ScoreLine, test: Tested, *, pairs: int) -> Verdict:
    difference = test.difference
    if difference is None:
        return Verdict("unknown", f"Whether {rival} and {baseline} differ was not tested: {test.reason}.")
    if difference.effect_size is None and difference.value == 0:
        return Verdict("unsure", f"{rival} and {baseline} answer alike: no row adds anything else to this score.")
    amount, low, high = format_difference(difference, line.kind)
    p = f"{format_p(difference.p_holm)}{' after Holm’s correction' if pairs > 1 else ''}"
    what = f"{amount} {_unit(line.kind)} ({low} to {high}), {p}"
    if not difference.is_real:
        return Verdict("unsure", f"No difference that can be relied on between {rival} and {baseline}: {what}.")
    better = difference.is_better
    return Verdict(
        "good" if better else "poor", f"{rival} is {'better' if better else 'worse'} than {baseline}: {what}."
    )


def _unit(score: Score) -> str:
    title = score_title(score.name)
    title = title if title[1:2].isupper() or title.startswith("chrF") else title[:1].lower() + title[1:]
    direction = "" if score.higher_is_better else ", of which less is better"
    return f"points of {title}{direction}" if score.unit == "0-1" else f"{title}{direction}"


def format_difference(difference: Difference, score: Score) -> tuple[str, str, str]:
    """The difference with its sign, and its interval: shares in points of a percentage, with as many digits each."""
    scale = 100 if score.unit == "0-1" else 1
    values = [scale * value for value in (difference.value, difference.low, difference.high)]
    largest = max(map(abs, values))
    if score.unit in _POINTS:
        digits = 1 if largest >= 1 else 2
    else:
        digits = max(0, 2 - math.floor(math.log10(largest))) if largest > 0 else 1
    amount, low, high = (f"{value:.2e}" if digits > 6 else f"{value:,.{digits}f}" for value in values)
    amount = amount if amount.startswith("-") or not float(amount.replace(",", "")) else f"+{amount}"
    return _minus(amount), _minus(low), _minus(high)


def format_value(score: Score | None) -> str:
    """A score, or a dash."""
    return format_number(score.value, score.unit) if score else "–"


def format_group(group: SeedGroup, score: Score) -> str:
    """A group's mean, with the deviation where it has several runs."""
    if score.name not in group.scores:
        return "–"
    mean, deviation = group.scores[score.name]
    if deviation is None:
        return format_number(mean, score.unit)
    percent = score.unit == "0-1"
    if percent or score.unit in _POINTS:
        scale = 100 if percent else 1
        return f"{scale * mean:.1f} ± {scale * deviation:.1f}{'%' if percent else ''}"
    return f"{format_number(mean, score.unit)} ± {format_number(deviation, score.unit)}"


def format_p(p: float) -> str:
    """`p = 0.78`, `p = 0.004`, `p < 0.001`."""
    return f"p {_p(p, equals='= ')}"


def p_cell(p: float) -> str:
    """The same for a column: `0.78`, `< 0.001`."""
    return _p(p, equals="")


def _p(p: float, *, equals: str) -> str:
    return "< 0.001" if p < 0.001 else f"{equals}{p:.2f}" if p >= 0.1 else f"{equals}{p:.3f}"


def format_effect(difference: Difference) -> str:
    """Cohen's d with its sign."""
    return "–" if difference.effect_size is None else format_gain(difference.effect_size, 2)


def method(comparison: Comparison) -> list[str]:
    """How the numbers were made, a sentence each."""
    sentences = [
        "Intervals are 95%. Those of a difference come from a paired bootstrap over rows "
        f"({SAMPLES:,} resamples; Koehn 2004).",
        f"p-values are two-sided, by approximate randomisation ({TRIALS:,} trials; Riezler and Maxwell 2005); those of "
        "BLEU, chrF and TER are sacrebleu’s.",
        f"A difference is called real if that p-value is below {LEVEL:g} and the interval does not hold 0.",
        "d is Cohen’s, of paired rows: the difference in standard deviations of what a row adds to it, above 0 where "
        "the run is better than the baseline.",
    ]
    if len(comparison.rivals) > 1:
        sentences.append(
            f"p is for one pair; Holm’s correction (Holm 1979) is for all {len(comparison.rivals)} comparisons of a "
            "score with the baseline, and decides."
        )
    return sentences


def format_gain(gain: float, digits: int = 1) -> str:
    """A gain with its sign; none where it rounds to 0."""
    rounded = round(gain, digits)
    return _minus(f"{rounded:+.{digits}f}") if rounded else f"{0:.{digits}f}"


def _minus(text: str) -> str:
    return text.replace("-", "−")
