"""What each role of a task has to hold: a text, a list of words, a picture, numbers.

Without this check a text would pass for the list of its characters.
"""

from collections.abc import Mapping

import datasets

from seqtasks.errors import DataError

TEXT, WORDS, PICTURE = "text", "a list of words", "a picture"
NUMBERS, FRAMES = "numbers", "a list of frames (lists of numbers)"
ROLES = {
    "text": (TEXT,),
    "label": (TEXT,),
    "tokens": (WORDS,),
    "tags": (WORDS,),
    "image": (PICTURE, NUMBERS),  # or vectors that another network has made of them
    "caption": (TEXT, WORDS),  # several captions of one picture
    "source": (TEXT,),
    "target": (TEXT,),
    "utterance": (TEXT,),
    "reply": (TEXT,),
    "word": (TEXT,),
    "phonemes": (TEXT, WORDS),  # several pronunciations of one word
    "attributes": (WORDS, TEXT),
    "description": (TEXT, WORDS),  # several descriptions of one thing
    "tune": (TEXT,),
    "frames": (FRAMES,),
    "number": (NUMBERS,),
    "value": (NUMBERS,),
}
"""The kinds that a column may have, by its role."""


def is_numeric(role: str, feature: object) -> bool:
    """Whether a role holds numbers instead of strings, pictures where its column does."""
    kinds = ROLES.get(role, ())
    if PICTURE in kinds:  # a vector may stand for one
        return NUMBERS in kinds and isinstance(feature, datasets.List | datasets.LargeList)
    return bool({NUMBERS, FRAMES} & set(kinds))


def check_kinds(rows: datasets.Dataset, columns: Mapping[str, object], *, split: str) -> None:
    """Refuse a column that holds another kind of value than its role.

    Args:
        rows: their columns are the roles.
        columns: role to column, for messages.
        split: the split as the recipe writes it, for messages.

    Raises:
        DataError: a column holds another kind.
    """
    for role, feature in rows.features.items():
        found, expected = _kind(feature, numeric=is_numeric(role, feature)), ROLES.get(role)
        if expected and found not in expected:
            raise DataError(
                f'dataset.columns.{role}: column "{columns[role]}" of {split} holds {found}; '
                f"expected {' or '.join(expected)} in each row; choose another column"
            )


def _kind(feature: object, *, numeric: bool) -> str:
    if isinstance(feature, datasets.Image):
        return PICTURE
    inner = getattr(feature, "feature", None)
    if numeric:
        return NUMBERS if inner is None or isinstance(inner, datasets.Value) else FRAMES
    return TEXT if isinstance(feature, datasets.Value) else WORDS
