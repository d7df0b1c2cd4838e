"""A text for each picture."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from seqtasks.tasks.baselines.training_rows import check_training


def commonest_caption(train_captions: Sequence[str], n: int) -> list[str]:
    """The caption that occurs most often in training, `n` times.

    Raises:
        DataError: there are no training rows.
    """
    check_training("commonest caption", train_captions)
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
    from sklearn.metrics import pairwise_distances_argmin  # slow to import

    check_training("nearest image", train_captions)
    nearest = pairwise_distances_argmin(_flat(test_images), _flat(train_images))
    return [train_captions[index] for index in nearest]


def _flat(images: np.ndarray) -> np.ndarray:
    # Given bytes, scikit-learn would make them float64: twice the memory.
    return images.reshape(len(images), -1).astype(np.float32, copy=False)
