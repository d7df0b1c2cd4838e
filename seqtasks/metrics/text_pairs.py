"""Two models' texts for the same rows: sacrebleu's counts of each text, and its own paired tests.

`sacrebleu.significance.PairedTest` gives p-values as `sacrebleu --paired-bs` and `--paired-ar` print them, but no
interval of the difference; that comes from the counts, resampled in pairs.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from sacrebleu.significance import PairedTest

from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.text import TextMetric, scored_texts, text_scorer

_UNITS = {"bleu": "BLEU", "bleu_1": "BLEU", "chrf": "chrF", "ter": "TER"}


def text_statistics(
    references: Sequence[Sequence[str]],
    predictions: Sequence[str],
    *,
    metric: TextMetric,
    lowercase: bool = False,
    tokenize: str = "13a",
    punctuation: bool = True,
) -> ScoreStatistics:
    """What each text adds to a score of `text_scores`, whose arguments these are."""
    streams, texts = scored_texts(references, predictions, punctuation=punctuation)
    scorer = text_scorer(metric, lowercase=lowercase, tokenize=tokenize)

    def formula(totals: np.ndarray) -> np.ndarray:
        rows = totals.reshape(-1, totals.shape[-1])
        scores = [float(scorer._compute_score_from_stats(row).score) for row in rows]
        return np.array(scores).reshape(totals.shape[:-1])

    return ScoreStatistics(
        metric,
        np.array(scorer._extract_corpus_statistics(texts, streams), dtype=np.float64),
        formula,
        signature=str(scorer.get_signature()),
        support=f"{len(texts):,} sentences",
        unit=_UNITS[metric],
        higher_is_better=metric != "ter",
    )


def paired_text_tests(metric: TextMetric, baseline: np.ndarray, system: np.ndarray) -> tuple[float, float]:
    """Sacrebleu's p-values of the difference between two models: paired bootstrap, approximate randomisation.

    1,000 resamples and 10,000 trials, as sacrebleu has them. Texts that are all the same would get the smallest p-value
    that there is; do not ask about them.

    Args:
        metric: what is computed.
        baseline: the counts of one model's texts, from `text_statistics`, `(rows, k)`.
        system: those of the other's.
    """

    def p_value(kind: Literal["bs", "ar"]) -> float:
        scorer: Any = text_scorer(metric, lowercase=False, tokenize="13a")  # texts are counted already
        scorer.num_refs = 1  # for a signature that nobody reads
        scorer._extract_corpus_statistics = lambda counts, references: counts
        results = PairedTest(
            [("baseline", baseline), ("system", system)], {metric: scorer}, references=None, test_type=kind
        )()[1]
        (name,) = results.keys() - {"System"}
        return float(results[name][1].p_value)

    return p_value("bs"), p_value("ar")
