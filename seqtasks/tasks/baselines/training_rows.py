"""The one thing that every baseline needs: something to learn from."""

from collections.abc import Sized

from seqtasks.errors import DataError


def check_training(where: str, rows: Sized) -> None:
    """Refuse an empty training split.

    Raises:
        DataError: there are no training rows.
    """
    if not len(rows):
        raise DataError(f"{where}: no training rows were given; at least one was expected; check the training split")
