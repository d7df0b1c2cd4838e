"""`Prediction`: what a model answers for one input, whether it runs in torch or was exported."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Prediction:
    """What a model answers for one input.

    Attributes:
        value: the answer as a user wants it: a label, a list of tags, a text, numbers.
        details: more about it, such as `probability` or `score`; plain Python values.
    """

    value: Any
    details: dict[str, Any] = field(default_factory=dict)
