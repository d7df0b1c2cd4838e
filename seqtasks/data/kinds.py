"""What each role of a task has to hold: a text, a list of words, or a picture.

Without this check a text would pass for the list of its characters.
"""

from collections.abc import Mapping

import datasets

from seqtasks.errors import DataError

_TEXT, _WORDS, _PICTURE = "text", "a list of words", "pictures"
_KINDS = {
    "text": (_TEXT,),
    "label": (_TEXT,),
    "tokens": (_WORDS,),
    "tags": (_WORDS,),
    "image": (_PICTURE,),
    "caption": (_TEXT, _WORDS),  # several captions of one picture
    "source": (_TEXT,),
    "target": (_TEXT,),
}


def check_kinds(rows: datasets.Dataset, columns: Mapping[str, str], *, split: str) -> None:
    """Refuse a column that holds another kind of value than its role.

    Args:
        rows: their columns are the roles.
        columns: role to column, for messages.
        split: the split as the recipe writes it, for messages.

    Raises:
        DataError: a column holds another kind.
    """
    for role, feature in rows.features.items():
        found, expected = _kind(feature), _KINDS.get(role)
        if expected and found not in expected:
            raise DataError(
                f'dataset.columns.{role}: column "{columns[role]}" of {split} holds {found}; '
                f"expected {expected[0]} in each row; choose another column"
            )


def _kind(feature: object) -> str:
    if isinstance(feature, datasets.Image):
        return _PICTURE
    return _TEXT if isinstance(feature, datasets.Value) else _WORDS
