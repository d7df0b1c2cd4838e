"""The one way in which the data room says that a name is not there: what there is, and what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from seqtasks.errors import DataError


def missing(where: str, kind: str, name: str, available: Iterable[str], *, advice: str = "") -> DataError:
    """The error to raise for a name that does not exist.

    Args:
        where: what the reader can change, such as `dataset.columns.text`.
        kind: what the name stands for: `column`, `split`, `catalog set`.
        name: what was given.
        available: what exists.
        advice: what to do when no existing name is close.
    """
    names = [str(option) for option in available]
    folded = {option.casefold(): option for option in names}
    close = get_close_matches(name.casefold(), folded, n=1)
    advice = f'did you mean "{folded[close[0]]}"?' if close else advice
    message = f'{where}: there is no {kind} "{name}"; there are {", ".join(names) or "none"}'
    return DataError(f"{message}; {advice}" if advice else message)
