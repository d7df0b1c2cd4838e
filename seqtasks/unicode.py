"""Texts that cannot be written as UTF-8, which Python holds all the same."""

from typing import Any


def well_formed(value: Any) -> Any:
    """A text, or a list of texts, whose lone surrogates are replaced by U+FFFD; anything else as it is.

    Halves of a pair that stand side by side, as in text that was cut out of UTF-16, become the character they mean.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return value
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [well_formed(part) for part in value]
    return value
