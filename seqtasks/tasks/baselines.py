"""The simplest honest competitor of each task, fitted on the same training rows as the network.

A score means little alone: it has to be seen beside what counting, copying or looking up would reach. All of them
are deterministic, have no settings to tune, and see no test label.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances_argmin
from sklearn.pipeline import make_pipeline

from seqtasks.errors import DataError

_CHRF_ORDER = 6
_CHRF_BETA = 2
_ROWS_AT_ONCE = 64


def tfidf_logistic_regression(
    train_texts: Sequence[str], train_labels: Sequence[str], test_texts: Sequence[str]
) -> list[str]:
    """A linear classifier over word 1- and 2-grams.

    scikit-learn's `TfidfVectorizer` (lower-cased, 1-2-grams of words and punctuation marks) and `LogisticRegression`
    with their standard settings (L2 penalty, C = 1), but for at most 1,000 iterations, so that it converges.

    Args:
        train_texts: training texts.
        train_labels: their labels.
        test_texts: texts to label.

    Raises:
        DataError: there are no training rows.
    """
    _check_training("TF-IDF baseline", train_texts)
    if len(set(train_labels)) == 1:  # nothing to separate: scikit-learn refuses a single class
        return [train_labels[0]] * len(test_texts)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]")
    classifier = make_pipeline(vectorizer, LogisticRegression(max_iter=1000))
    classifier.fit(list(train_texts), list(train_labels))
    return [str(label) for label in classifier.predict(list(test_texts))]


def most_frequent_tag(
    train_tokens: Sequence[Sequence[str]], train_tags: Sequence[Sequence[str]], test_tokens: Sequence[Sequence[str]]
) -> list[list[str]]:
    """For each word the tag that it had most often in training; for an unknown word the commonest tag of all.

    Args:
        train_tokens: the words of each training sentence.
        train_tags: their tags.
        test_tokens: the words of each sentence to tag.

    Raises:
        DataError: there are no training rows.
    """
    _check_training("most frequent tag", train_tokens)
    by_word: defaultdict[str, Counter[str]] = defaultdict(Counter)
    overall: Counter[str] = Counter()
    for words, tags in zip(train_tokens, train_tags, strict=True):
        overall.update(tags)
        for word, tag in zip(words, tags, strict=True):
            by_word[word][tag] += 1
    best = {word: tags.most_common(1)[0][0] for word, tags in by_word.items()}
    fallback = overall.most_common(1)[0][0]
    return [[best.get(word, fallback) for word in words] for words in test_tokens]


def commonest_caption(train_captions: Sequence[str], n: int) -> list[str]:
    """The caption that occurs most often in training, `n` times.

    Raises:
        DataError: there are no training rows.
    """
    _check_training("commonest caption", train_captions)
    return [Counter(train_captions).most_common(1)[0][0]] * n


def nearest_image(train_images: np.ndarray, train_captions: Sequence[str], test_images: np.ndarray) -> list[str]:
    """For each picture the caption of the training picture nearest to it by Euclidean distance of the pixels.

    Args:
        train_images: `(train rows, ...)`, any numeric type.
        train_captions: one for each training picture.
        test_images: `(test rows, ...)`, of the same shape but for the rows.

    Raises:
        DataError: there are no training rows.
    """
    _check_training("nearest image", train_captions)
    nearest = pairwise_distances_argmin(_flat(test_images), _flat(train_images))
    return [train_captions[index] for index in nearest]


def copy_source(sources: Sequence[str]) -> list[str]:
    """Each source text as its own translation."""
    return list(sources)


def translation_memory(
    train_sources: Sequence[str], train_targets: Sequence[str], test_sources: Sequence[str]
) -> list[str]:
    """For each source the target of the training source nearest to it by chrF, the first one of equals.

    chrF is sacrebleu's sentence chrF, the training source being the hypothesis and the test source the reference. It
    is computed exactly, for all pairs: if the second "an" of a text counts as another n-gram than its first, two
    texts share as many n-grams as the product of their 0-1 vectors says, so one sparse matrix product for each
    n-gram order compares every training text with every test text. Time grows with train rows x test rows.

    Args:
        train_sources: training texts.
        train_targets: their translations.
        test_sources: texts to translate.

    Raises:
        DataError: there are no training rows.
    """
    _check_training("translation memory", train_sources)
    target_of: dict[str, str] = {}
    for source, target in zip(train_sources, train_targets, strict=True):
        target_of.setdefault(source, target)
    memory = list(target_of)
    return [target_of[memory[index]] for index in _nearest_by_chrf(memory, test_sources)]


def _nearest_by_chrf(candidates: Sequence[str], queries: Sequence[str]) -> list[int]:
    """The index of the candidate with the highest chrF for each query (Popović 2015, W15-3049)."""
    stripped = ["".join(text.split()) for text in (*candidates, *queries)]  # chrF passes over white space
    lengths = np.array([len(text) for text in stripped], dtype=np.float32)
    orders = range(1, min(_CHRF_ORDER, int(lengths.max())) + 1)
    counts = [np.maximum(lengths - order + 1, 1) for order in orders]
    # Sparse, 0 or 1: (texts, n-grams of this order, each repetition on its own)
    grams = [
        CountVectorizer(analyzer=partial(_occurrences, order=order), dtype=np.float32).fit_transform(stripped)
        for order in orders
    ]
    split = len(candidates)
    memories = [matrix[:split].T.tocsr() for matrix in grams]

    nearest: list[int] = []
    for start in range(split, len(stripped), _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, len(stripped)))
        precision = np.zeros((rows.stop - rows.start, split), dtype=np.float32)
        recall = np.zeros_like(precision)
        for matrix, memory, count in zip(grams, memories, counts, strict=True):
            matches = (matrix[rows] @ memory).toarray()
            precision += matches / count[:split]
            recall += matches / count[rows, None]
        both = np.minimum(np.minimum(lengths[:split], lengths[rows, None]), _CHRF_ORDER)  # orders that both texts have
        weight = _CHRF_BETA**2
        denominator = both * (weight * precision + recall)
        scores = (1 + weight) * precision * recall / np.where(denominator > 0, denominator, 1)
        nearest.extend(scores.argmax(axis=1).tolist())
    return nearest


def _occurrences(text: str, *, order: int) -> Iterator[tuple[str, int]]:
    """The n-grams of a text, each with how often it has come up so far, so that no two are equal."""
    seen: Counter[str] = Counter()
    for start in range(len(text) - order + 1):
        gram = text[start : start + order]
        seen[gram] += 1
        yield gram, seen[gram]


def _flat(images: np.ndarray) -> np.ndarray:
    # Given bytes, scikit-learn would make them float64: twice the memory.
    return images.reshape(len(images), -1).astype(np.float32, copy=False)


def _check_training(where: str, rows: Sequence[object]) -> None:
    if not rows:
        raise DataError(f"{where}: no training rows were given; at least one was expected; check the training split")
