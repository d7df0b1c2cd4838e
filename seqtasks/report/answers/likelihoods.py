"""Likelihoods of texts: where a language model is surprised."""

from dataclasses import replace

import numpy as np

from seqtasks.report import number_charts
from seqtasks.report.answers.answers import Answers, Group, by_length, rows_of
from seqtasks.report.buckets import Bucket, length_buckets
from seqtasks.report.examples import sample
from seqtasks.report.predictions import LikelihoodPrediction
from seqtasks.report.run_files import Run

NUM_TEXTS = 8
MIN_TOKENS = 8
"""Of the shortest texts, such as a heading, a single token decides."""
NUM_PARTS = 40


def likelihood_answers(run: Run) -> Answers:
    """The negative log-likelihood of each text after those before it."""
    rows = [row for row in rows_of(run, LikelihoodPrediction) if row.tokens]
    ranked = sorted((row for row in rows if row.tokens >= MIN_TOKENS), key=_nats_a_token)
    least, most = ranked[:NUM_TEXTS], ranked[::-1][:NUM_TEXTS]
    groups = [
        Group("most", "Most surprising texts", [(row, _perplexity([row])) for row in most]),
        Group("least", "Least surprising texts", [(row, _perplexity([row])) for row in least]),
        Group("drawn", "Drawn at random", [(row, _perplexity([row])) for row in sample(rows, NUM_TEXTS)]),
    ]
    buckets = length_buckets(
        [row.tokens for row in rows], [row.prediction for row in rows], out_of=[float(row.tokens) for row in rows]
    )
    figures = by_length([_exponential(bucket) for bucket in buckets], title="perplexity a token")
    parts = [part for part in np.array_split(np.arange(len(rows)), NUM_PARTS) if len(part)]
    if len(parts) > 1:
        read = np.cumsum([row.tokens for row in rows])
        places = [int(read[part[0] - 1]) if part[0] else 0 for part in parts]
        values = [_perplexity([rows[row] for row in part]) for part in parts]
        figures["along"] = number_charts.perplexity_along(places, values)
    return Answers("likelihoods.html.j2", {"groups": groups, "min_tokens": MIN_TOKENS}, figures)


def _nats_a_token(row: LikelihoodPrediction) -> float:
    return row.prediction / row.tokens


def _perplexity(rows: list[LikelihoodPrediction]) -> float:
    return float(np.exp(sum(row.prediction for row in rows) / sum(row.tokens for row in rows)))


def _exponential(bucket: Bucket) -> Bucket:
    """From nats to perplexity."""
    score, lower, upper = np.exp([bucket.score, bucket.lower, bucket.upper]).tolist()
    return replace(bucket, score=score, lower=lower, upper=upper)
