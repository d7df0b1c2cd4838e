"""Scores of written text: BLEU, chrF and TER through sacrebleu, and the fate of placeholders.

Sources: Post 2018, "A Call for Clarity in Reporting BLEU Scores" (W18-6319); Popović 2015 for chrF (W15-3049);
Snover et al. 2006 for TER. Texts come in as people would read them: detokenised, cased. sacrebleu does its own
tokenising, and its signature, stored with each score, says how.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

import numpy as np
from sacrebleu.metrics import BLEU, CHRF, TER

from seqtasks.errors import DataError
from seqtasks.metrics.bootstrap import SAMPLES, ScoreStatistics
from seqtasks.metrics.counts import check_rows, share
from seqtasks.metrics.score import Score

TextMetric = Literal["bleu", "bleu_1", "chrf", "ter"]

_PLACEHOLDER = re.compile(r"\{\w+\}")
_WORD = ("L", "M", "N")
"""Unicode's letters, the marks on them, and numbers."""

_CHRF = CHRF()


def text_scores(
    references: Sequence[Sequence[str]],
    predictions: Sequence[str],
    *,
    metrics: Sequence[TextMetric] = ("bleu", "chrf"),
    lowercase: bool = False,
    tokenize: str = "13a",
    punctuation: bool = True,
    intervals: bool = True,
) -> list[Score]:
    """Corpus scores, from 0 to 100, with sacrebleu's signatures and intervals over sentences.

    The interval is the one that `sacrebleu --confidence` prints: the mean of the resampled scores plus and minus
    half the width of their middle 95%.

    Args:
        references: one or more references for each row; rows may differ in how many.
        predictions: one text for each row, detokenised; may be empty.
        metrics: what to compute; the first one is the primary score.
        lowercase: whether case is ignored.
        tokenize: sacrebleu's tokenizer for BLEU, such as `13a`, `intl`, `zh` or `ja-mecab`.
        punctuation: whether it counts; captions are usually scored without. What stands within words stays.
        intervals: whether to resample for intervals; validation while training does without.

    Raises:
        DataError: there are no rows, not as many predictions as references, or a row without a reference.
    """
    _check_references("text scores", references, predictions)
    streams, predictions = scored_texts(references, predictions, punctuation=punctuation)
    scorers = [text_scorer(metric, lowercase=lowercase, tokenize=tokenize) for metric in metrics]
    found = []
    for metric, scorer in zip(metrics, scorers, strict=True):
        score = _text_score(metric, scorer, streams, predictions, intervals=intervals)
        notes = ("|order:1" if metric == "bleu_1" else "") + ("" if punctuation else "|punctuation:no")
        found.append(replace(score, signature=score.signature + notes))
    return found


@dataclass(frozen=True)
class BleuParts:
    """What BLEU is made of (Papineni et al. 2002, P02-1040).

    Attributes:
        precisions: for 1 to 4 words in a row, the share of the outputs' that stand in a reference, 0 to 1.
        length_ratio: words of all outputs over words of the references.
        brevity_penalty: by which outputs that are too short are scaled, 0 to 1.
    """

    precisions: list[float]
    length_ratio: float
    brevity_penalty: float


def bleu_parts(
    references: Sequence[Sequence[str]],
    predictions: Sequence[str],
    *,
    lowercase: bool = False,
    tokenize: str = "13a",
    punctuation: bool = True,
) -> BleuParts:
    """The parts of a corpus's BLEU; the arguments are those of `text_scores`."""
    _check_references("parts of BLEU", references, predictions)
    streams, predictions = scored_texts(references, predictions, punctuation=punctuation)
    score = text_scorer("bleu", lowercase=lowercase, tokenize=tokenize).corpus_score(predictions, streams)
    return BleuParts([precision / 100 for precision in score.precisions], score.ratio, score.bp)


def scored_texts(
    references: Sequence[Sequence[str]], predictions: Sequence[str], *, punctuation: bool
) -> tuple[list[tuple[str | None, ...]], list[str]]:
    """References and predictions as sacrebleu wants them.

    Returns:
        The first reference of every row, then the second of every row, with None for a missing one; the predictions.
    """
    if not punctuation:
        references = [[without_punctuation(text) for text in texts] for texts in references]
        predictions = [without_punctuation(text) for text in predictions]
    return list(zip_longest(*references)), list(predictions)


def sentence_chrf(references: Sequence[str], prediction: str) -> float:
    """Character n-gram F-score (chrF) of one text against the best of its references, from 0 to 100.

    Raises:
        DataError: there is no reference.
    """
    _check_references("sentence chrF", [references], [prediction])
    return float(_CHRF.sentence_score(prediction, references).score)


def placeholder_score(
    references: Sequence[Sequence[str]], predictions: Sequence[str], *, intervals: bool = True
) -> Score | None:
    """The share of texts in which placeholders such as `{name}` come through, among those that need any.

    A prediction is right if it has the very placeholders of one of its references, each as often. Rows of whose
    references none has a placeholder are left out.

    Args:
        references: one or more references for each row.
        predictions: one text for each row.
        intervals: whether to resample for an interval.

    Returns:
        `placeholder_accuracy`, its interval over sentences, or None where no row needs a placeholder.

    Raises:
        DataError: there are no rows, not as many predictions as references, or a row without a reference.
    """
    statistics = placeholder_statistics(references, predictions)
    return statistics.to_score(intervals=intervals) if statistics else None


def placeholder_statistics(references: Sequence[Sequence[str]], predictions: Sequence[str]) -> ScoreStatistics | None:
    """What each text that needs placeholders adds to `placeholder_score`."""
    _check_references("placeholder score", references, predictions)
    rows = [
        ([_placeholders(text) for text in texts], guess) for texts, guess in zip(references, predictions, strict=True)
    ]
    hits = [_placeholders(guess) in wanted for wanted, guess in rows if any(wanted)]
    if not hits:
        return None
    return ScoreStatistics(
        "placeholder_accuracy",
        np.stack([hits, np.ones(len(hits))], axis=1),
        share,
        signature="placeholders:{name}|match:all of a reference|unit:sentence",
        support=f"{len(hits):,} sentences with placeholders",
    )


def without_punctuation(text: str) -> str:
    """The text, each mark of punctuation that does not stand between two letters or digits replaced by a space."""
    kinds = [unicodedata.category(character)[0] for character in f" {text} "]
    return "".join(
        " " if kind == "P" and not (before in _WORD and after in _WORD) else character
        for character, before, kind, after in zip(text, kinds, kinds[1:], kinds[2:], strict=False)
    )


def text_scorer(metric: TextMetric, *, lowercase: bool, tokenize: str) -> BLEU | CHRF | TER:
    """Sacrebleu's scorer; the arguments are those of `text_scores`."""
    match metric:
        case "bleu":
            return BLEU(lowercase=lowercase, tokenize=tokenize, force=tokenize == "none")
        case "bleu_1":
            return BLEU(lowercase=lowercase, tokenize=tokenize, max_ngram_order=1, force=tokenize == "none")
        case "chrf":
            return CHRF(lowercase=lowercase)
        case "ter":
            return TER(case_sensitive=not lowercase)


def _text_score(
    metric: TextMetric,
    scorer: BLEU | CHRF | TER,
    streams: Sequence[Sequence[str | None]],
    predictions: Sequence[str],
    *,
    intervals: bool,
) -> Score:
    _use_plain_floats(scorer)
    result = scorer.corpus_score(predictions, streams, n_bootstrap=SAMPLES if intervals else 1)
    signature = str(scorer.get_signature())
    unit = {BLEU: "BLEU", CHRF: "chrF", TER: "TER"}[type(scorer)]
    low, high = None, None
    if intervals:
        # The mean and the half-width are public in this form only; sacrebleu leaves them out if every sample is 0.
        printed = json.loads(result.format(width=6, signature=signature, is_json=True))
        mean, half_width = printed.get("confidence_mean", 0.0), printed.get("confidence_var", 0.0)
        low = max(mean - half_width, 0.0)
        high = mean + half_width if unit == "TER" else min(mean + half_width, 100.0)
    return Score(
        name=metric,
        value=float(result.score),
        unit=unit,
        higher_is_better=unit != "TER",
        signature=signature,
        support=f"{len(predictions):,} sentences",
        low=low,
        high=high,
    )


def _use_plain_floats(scorer: BLEU | CHRF | TER) -> None:
    """Sacrebleu cannot average resampled scores of which some are numpy's float32 and some, being 0, Python's float."""
    compute = scorer._compute_score_from_stats

    def compute_plain(statistics: Any) -> Any:
        result = compute(statistics)
        result.score = float(result.score)
        return result

    scorer._compute_score_from_stats = compute_plain


def _check_references(where: str, references: Sequence[Sequence[str]], predictions: Sequence[str]) -> None:
    check_rows(where, references=references, predictions=predictions)
    for row, texts in enumerate(references):
        if not texts:
            raise DataError(
                f"{where}: row {row}: no reference was given; at least one was expected; remove the row or add one"
            )


def _placeholders(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text))
