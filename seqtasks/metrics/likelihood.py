"""How well texts are foreseen: perplexity and its kin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import check_rows, share
from seqtasks.metrics.score import Score


@dataclass(frozen=True)
class Likelihood:
    """What a model spent on a text.

    Attributes:
        nats: negative log-likelihood of the whole text.
        tokens, words, characters: of the text, its end included.
    """

    nats: float
    tokens: int
    words: int
    characters: int

    @classmethod
    def of_text(cls, text: str, *, nats: float, tokens: int) -> Self:
        """That of a text as it was read; its end counts as a word and as a character, for it has to be foreseen too."""
        return cls(nats, tokens, len(text.split()) + 1, len(text) + 1)


def perplexity_scores(rows: Sequence[Likelihood], *, intervals: bool = True) -> list[Score]:
    """Perplexity a word, the loss and perplexity a token, and bits a character; lower is better.

    Perplexity is exp(nats / words) over all rows. Only the figures a word and a character compare between models that
    cut texts into different tokens.

    Args:
        rows: texts.
        intervals: whether to resample rows for intervals.

    Raises:
        DataError: there are no rows.
    """
    return [statistics.to_score(intervals=intervals) for statistics in perplexity_statistics(rows)]


def perplexity_statistics(rows: Sequence[Likelihood]) -> list[ScoreStatistics]:
    """What each text adds to the scores of `perplexity_scores`."""
    check_rows("perplexity", references=rows, predictions=rows)
    nats = np.array([row.nats for row in rows])

    def statistics(name: str, counts: Sequence[int], unit: str, counted: str, form: str) -> ScoreStatistics:
        spent = np.stack([nats, np.array(counts, dtype=np.float64)], axis=1)
        forms = {"exp": lambda totals: np.exp(share(totals)), "mean": share, "bits": lambda t: share(t) / np.log(2)}
        return ScoreStatistics(
            name,
            spent,
            forms[form],
            signature=f"{form} of nats per {counted}, text ends included",
            support=f"{sum(counts):,} {counted}s",
            unit=unit,
            higher_is_better=False,
        )

    tokens = [row.tokens for row in rows]
    return [
        statistics("perplexity", [row.words for row in rows], "perplexity", "word", "exp"),
        statistics("token_perplexity", tokens, "perplexity", "token", "exp"),
        statistics("loss", tokens, "nats", "token", "mean"),
        statistics("bits_per_character", [row.characters for row in rows], "bits", "character", "bits"),
    ]
