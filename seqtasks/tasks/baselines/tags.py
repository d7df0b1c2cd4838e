"""A tag for each word of a text or each frame of a recording."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from seqtasks.tasks.baselines.training_rows import check_training


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
    check_training("most frequent tag", train_tokens)
    by_word: defaultdict[str, Counter[str]] = defaultdict(Counter)
    overall: Counter[str] = Counter()
    for words, tags in zip(train_tokens, train_tags, strict=True):
        overall.update(tags)
        for word, tag in zip(words, tags, strict=True):
            by_word[word][tag] += 1
    best = {word: tags.most_common(1)[0][0] for word, tags in by_word.items()}
    fallback = overall.most_common(1)[0][0]
    return [[best.get(word, fallback) for word in words] for words in test_tokens]


def framewise_logistic_regression(
    train_frames: Sequence[np.ndarray], train_tags: Sequence[Sequence[str]], test_frames: Sequence[np.ndarray]
) -> list[list[str]]:
    """A linear classifier that tags each frame by its own features, blind to the frames around it.

    The features are standardised; then scikit-learn's `LogisticRegression` as it comes, but for at most 1,000
    iterations.

    Args:
        train_frames: training recordings, each `(time, features)`.
        train_tags: a tag for each frame of each recording.
        test_frames: recordings to tag.

    Raises:
        DataError: there are no training rows.
    """
    from sklearn.linear_model import LogisticRegression  # slow to import
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    check_training("framewise baseline", train_frames)
    tags = [tag for row in train_tags for tag in row]
    lengths = [len(frames) for frames in test_frames]
    if not sum(lengths) or len(set(tags)) == 1:
        return [tags[:1] * length for length in lengths]
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    classifier.fit(np.concatenate(list(train_frames)), tags)
    predicted = classifier.predict(np.concatenate(list(test_frames)))
    return [row.tolist() for row in np.split(predicted, np.cumsum(lengths)[:-1])]
