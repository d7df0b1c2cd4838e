import math

import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.likelihood import Likelihood, perplexity_scores


def test_each_score_divides_by_its_own_count():
    rows = [Likelihood(nats=6 * math.log(2), tokens=3, words=2, characters=12)]
    rows += [Likelihood(nats=2 * math.log(2), tokens=5, words=2, characters=4)]
    scores = perplexity_scores(rows)
    values = {score.name: score.value for score in scores}
    expected = {"perplexity": 4.0, "token_perplexity": 2.0, "loss": math.log(2), "bits_per_character": 0.5}
    assert values == pytest.approx(expected)
    assert scores[0].name == "perplexity"
    assert all(not score.higher_is_better and score.low <= score.value <= score.high for score in scores)


def test_no_rows_are_refused():
    with pytest.raises(DataError, match="perplexity"):
        perplexity_scores([])
