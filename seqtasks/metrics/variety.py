"""How varied texts are: the share of distinct n-grams (Li et al. 2016, arXiv:1510.03055)."""

from collections.abc import Sequence

from seqtasks.metrics.counts import check_rows
from seqtasks.metrics.score import Score


def distinct_scores(outputs: Sequence[str], *, orders: Sequence[int] = (1, 2)) -> list[Score]:
    """`distinct_1`, `distinct_2`: different n-grams among all n-grams of all texts; 1 is the most varied.

    There is no interval: drawing texts twice, as the bootstrap does, would itself lower the score.

    Args:
        outputs: texts; words are what stands between spaces.
        orders: of the n-grams.

    Raises:
        DataError: there are no texts.
    """
    check_rows("distinct n-grams", references=outputs, predictions=outputs)
    words = [text.split() for text in outputs]
    found = []
    for order in orders:
        grams = [tuple(row[start : start + order]) for row in words for start in range(len(row) - order + 1)]
        value = len(set(grams)) / len(grams) if grams else 0.0
        found.append(
            Score(
                name=f"distinct_{order}",
                value=float(value),
                unit="0-1",
                higher_is_better=True,
                signature=f"distinct {order}-grams/all|unit:word",
                support=f"{len(grams):,} {order}-grams",
            )
        )
    return found
