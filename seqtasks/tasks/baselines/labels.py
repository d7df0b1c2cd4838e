"""A label for each text, picture or recording."""

from collections.abc import Sequence

import numpy as np

from seqtasks.tasks.baselines.pictures import nearest_image
from seqtasks.tasks.baselines.training_rows import check_training


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
    from sklearn.feature_extraction.text import TfidfVectorizer  # slow to import
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    check_training("TF-IDF baseline", train_texts)
    if len(set(train_labels)) == 1:  # nothing to separate: scikit-learn refuses a single class
        return [train_labels[0]] * len(test_texts)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]")
    classifier = make_pipeline(vectorizer, LogisticRegression(max_iter=1000))
    classifier.fit(list(train_texts), list(train_labels))
    return [str(label) for label in classifier.predict(list(test_texts))]


def pooled_statistics(
    train_frames: Sequence[np.ndarray], train_labels: Sequence[str], test_frames: Sequence[np.ndarray]
) -> list[str]:
    """A linear classifier that sees of a recording six numbers for each feature, and nothing of the order in between.

    The numbers are mean, standard deviation, minimum and maximum over time, the first and the last value. They are
    standardised; then scikit-learn's `LogisticRegression` as it comes, but for at most 1,000 iterations.

    Args:
        train_frames: training recordings, each `(time, features)` with at least one frame.
        train_labels: their labels.
        test_frames: recordings to label.

    Raises:
        DataError: there are no training rows.
    """
    from sklearn.linear_model import LogisticRegression  # slow to import
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    check_training("pooled statistics", train_frames)
    if not len(test_frames) or len(set(train_labels)) == 1:
        return [train_labels[0]] * len(test_frames)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    classifier.fit(_pooled(train_frames), list(train_labels))
    return [str(label) for label in classifier.predict(_pooled(test_frames))]


def nearest_image_label(train_images: np.ndarray, train_labels: Sequence[str], test_images: np.ndarray) -> list[str]:
    """For each picture the label of the training picture nearest to it by Euclidean distance of the pixels.

    Args:
        train_images: `(train rows, ...)`, any numeric type.
        train_labels: one for each training picture.
        test_images: `(test rows, ...)`, of the same shape but for the rows.

    Raises:
        DataError: there are no training rows.
    """
    return nearest_image(train_images, train_labels, test_images)


def _pooled(recordings: Sequence[np.ndarray]) -> np.ndarray:
    """`(recordings, 6 * features)`."""
    return np.stack(
        [
            np.concatenate([frames.mean(0), frames.std(0), frames.min(0), frames.max(0), frames[0], frames[-1]])
            for frames in recordings
        ]
    )
