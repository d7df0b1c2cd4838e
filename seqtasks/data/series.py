"""Series of numbers that are forecast: contexts, changes over a lag, and the way back from changes to values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.ragged import Ragged
from seqtasks.errors import DataError


def contexts_of(inputs: Sequence[Any], num_series: int) -> list[NDArray[np.float32]]:
    """What a user gives, as arrays `(steps, num_series)`.

    Args:
        inputs: for each a list of numbers, or of frames where there are several series.
        num_series: side by side.

    Raises:
        DataError: a context is empty or has another number of series.
    """
    contexts = []
    for index, given in enumerate(inputs):
        context = np.asarray(given, dtype=np.float32)
        if not context.size or context.size % num_series:
            raise DataError(
                f"input {index}: {context.size} numbers; expected one or more frames of {num_series}; "
                "give a list with a frame for each time step"
            )
        contexts.append(context.reshape(-1, num_series))
    return contexts


def steps_read(contexts: Sequence[NDArray[np.floating]], num_series: int, lag: int) -> Ragged:
    """What a model reads of contexts: their values, or with a lag their changes over so many steps."""
    return Ragged.from_frames([changes(context, lag) for context in contexts] if lag else contexts, num_series)


def changes(values: NDArray[np.floating], lag: int) -> NDArray[np.floating]:
    """Changes over `lag` steps of `(steps, series)`; zero where the earlier value is not known."""
    found = np.zeros_like(values)
    found[lag:] = values[lag:] - values[:-lag]
    return found


def last_values(values: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """The last values `(count, series)`; the first one stands for those before it."""
    missing = max(0, count - len(values))
    return np.concatenate([np.repeat(values[:1], missing, axis=0), values])[-count:]


def summed(future: NDArray[np.floating], known: NDArray[np.floating], lag: int) -> NDArray[np.floating]:
    """From changes over `lag` steps back to values.

    Args:
        future: changes `(batch, steps, series)`.
        known: the last values before them, `(batch, lag, series)`.
        lag: 0 if they are values already.
    """
    if not lag:
        return future
    values = np.concatenate([known, future], axis=1)
    for step in range(lag, values.shape[1]):
        values[:, step] += values[:, step - lag]
    return values[:, lag:]


def plain_series(values: NDArray[np.floating]) -> list[Any]:
    """`(rows, steps, series)` to lists with five digits, of numbers if there is one series."""
    rounded = np.round(np.asarray(values, dtype=np.float64), 5)
    return (rounded[..., 0] if rounded.shape[-1] == 1 else rounded).tolist()
