"""Numbers for the steps that follow a series; all arrays are `(rows, time, series)`.

Source: Hyndman and Athanasopoulos 2021, "Forecasting: Principles and Practice", section 5.2.
"""

import numpy as np

from seqtasks.errors import DataError
from seqtasks.tasks.baselines.training_rows import check_training


def last_value(contexts: np.ndarray, horizon: int) -> np.ndarray:
    """The last value goes on: `y(t + h) = y(t)`.

    Args:
        contexts: what came before, `(rows, time, series)`.
        horizon: how many steps to forecast.

    Returns:
        `(rows, horizon, series)`.

    Raises:
        DataError: the contexts have no steps.
    """
    return seasonal_naive(contexts, horizon, 1)


def seasonal_naive(contexts: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """The last season comes again: `y(t + h) = y(t + h - k * season)` with the smallest k that reaches into the past.

    Args:
        contexts: what came before, `(rows, time, series)`, at least one season of it.
        horizon: how many steps to forecast.
        season: steps in a season, such as 24 for the hours of a day.

    Returns:
        `(rows, horizon, series)`.

    Raises:
        DataError: the contexts are shorter than a season.
    """
    time = contexts.shape[1]
    if not 1 <= season <= time:
        raise DataError(
            f"seasonal naive forecast: a season of {season} steps and a context of {time} were given; "
            "a season of at least 1 step that fits into the context was expected; lengthen the context"
        )
    return contexts[:, time - season + np.arange(horizon) % season]


def mean_target(train_targets: np.ndarray, rows: int) -> np.ndarray:
    """The mean of the training targets, for each step of the horizon and each series, `rows` times.

    Args:
        train_targets: `(train rows, horizon, series)`.
        rows: how many rows to forecast.

    Returns:
        `(rows, horizon, series)`.

    Raises:
        DataError: there are no training rows.
    """
    check_training("mean target", train_targets)
    return np.repeat(train_targets.mean(axis=0, keepdims=True), rows, axis=0)
