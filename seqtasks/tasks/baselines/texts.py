"""A text for each text: the text itself, or what answered the nearest text in training.

Source of the measure of nearness, chrF: Popović 2015 (W15-3049).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqtasks.tasks.baselines.training_rows import check_training

if TYPE_CHECKING:
    from scipy import sparse

_CHRF_ORDER = 6
_CHRF_BETA = 2
_ROWS_AT_ONCE = 64
_COMMON_GRAMS = 96
_EQUAL = 1e-6  # scores are sums of float32 numbers, whose last digits depend on the order of the sum


def copy_source(sources: Sequence[str]) -> list[str]:
    """Each source text as its own translation."""
    return list(sources)


def translation_memory(
    train_sources: Sequence[str], train_targets: Sequence[str], test_sources: Sequence[str]
) -> list[str]:
    """For each source the target of the training source nearest to it by chrF, the first one of equals.

    The texts need not be translations: with utterances and replies it answers as somebody once did.

    chrF is sacrebleu's sentence chrF, the training source being the hypothesis and the test source the reference. It
    is computed for all pairs: if the second "an" of a text counts as another n-gram than its first, two texts share
    as many n-grams as the product of their 0-1 vectors says, so matrix products compare every training text with
    every test text. Time grows with train rows x test rows.

    Args:
        train_sources: training texts.
        train_targets: their translations.
        test_sources: texts to translate.

    Raises:
        DataError: there are no training rows.
    """
    check_training("translation memory", train_sources)
    target_of: dict[str, str] = {}
    for source, target in zip(train_sources, train_targets, strict=True):
        target_of.setdefault(source, target)
    memory = list(target_of)
    return [target_of[memory[index]] for index in _nearest_by_chrf(memory, test_sources)]


def _nearest_by_chrf(candidates: Sequence[str], queries: Sequence[str]) -> list[int]:
    """The index of the candidate with the highest chrF for each query.

    chrF is made of the means over the orders of precision and recall. In both, an n-gram that two texts share
    adds 1 / (n-grams of its order) of one of the texts, so one product each gives the sum over all orders.
    """
    stripped = ["".join(text.split()) for text in (*candidates, *queries)]  # chrF passes over white space
    lengths = np.array([len(text) for text in stripped], dtype=np.float32)
    orders = np.minimum(lengths, _CHRF_ORDER)
    split = len(candidates)
    shared, weighted = _grams(stripped, lengths)
    precision_of = _Product(shared[split:], weighted[:split])
    recall_of = _Product(weighted[split:], shared[:split])

    nearest: list[int] = []
    for start in range(0, len(queries), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        precision, recall = precision_of(rows), recall_of(rows)
        scores = _CHRF_BETA**2 * precision
        scores += recall
        # Both are sums still: the means are over the orders that both texts have.
        scores *= np.minimum(orders[:split], orders[split:][rows, None])
        np.maximum(scores, np.finfo(np.float32).tiny, out=scores)  # no common n-gram: 0 / tiny
        precision *= recall
        np.divide(precision, scores, out=scores)
        best = scores.max(axis=1, keepdims=True)
        nearest.extend((scores >= best * (1 - _EQUAL)).argmax(axis=1).tolist())
    return nearest


def _grams(texts: Sequence[str], lengths: np.ndarray) -> "tuple[sparse.csr_matrix, sparse.csr_matrix]":
    """Which n-grams of all orders each text has: `(texts, n-grams)` of 1, and of 1 / (the text's n-grams of the order).

    Both are all zero, in one column, if no text has any character.
    """
    from scipy import sparse  # both are slow to import
    from sklearn.feature_extraction.text import CountVectorizer

    blocks = [sparse.csr_matrix((len(texts), 1), dtype=np.float32)]
    weights = list(blocks)
    for order in range(1, min(_CHRF_ORDER, int(lengths.max())) + 1):
        vectorizer = CountVectorizer(analyzer=partial(_occurrences, order=order), dtype=np.float32)
        blocks.append(vectorizer.fit_transform(texts))
        weights.append(sparse.diags(1 / np.maximum(lengths - order + 1, 1)) @ blocks[-1])
    return sparse.hstack(blocks, format="csr"), sparse.hstack(weights, format="csr")


class _Product:
    """Rows of `left @ right.T` as a dense array: the commonest columns multiply faster when dense, others sparse."""

    def __init__(self, left: "sparse.csr_matrix", right: "sparse.csr_matrix") -> None:
        by_frequency = np.argsort(-right.getnnz(axis=0), kind="stable")
        common, rare = np.split(by_frequency, [_COMMON_GRAMS])
        self._left_common, self._left_rare = left[:, common].toarray(), left[:, rare]
        self._right_common, self._right_rare = right[:, common].toarray().T, right[:, rare].T.tocsr()

    def __call__(self, rows: slice) -> np.ndarray:
        product = self._left_common[rows] @ self._right_common
        others = self._left_rare[rows] @ self._right_rare
        row_of_entry = np.repeat(np.arange(len(product)), np.diff(others.indptr))
        product[row_of_entry, others.indices] += others.data
        return product


def _occurrences(text: str, *, order: int) -> Iterator[tuple[str, int]]:
    """The n-grams of a text, each with how often it has come up so far, so that no two are equal."""
    seen: Counter[str] = Counter()
    for start in range(len(text) - order + 1):
        gram = text[start : start + order]
        seen[gram] += 1
        yield gram, seen[gram]
