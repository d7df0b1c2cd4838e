"""`Prediction`: what a model answers for one input, whether it runs in torch or was exported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Prediction:
    """What a model answers for one input.

    Attributes:
        value: the answer as a user wants it: a label, a list of tags, a text, numbers.
        details: more about it, such as `probability` or `score`; plain Python values. `cut` if only the first
            `tokenizer.max_length` tokens of the input were read.
    """

    value: Any
    details: dict[str, Any] = field(default_factory=dict)


def mark_cut(answers: Sequence[Prediction], cut: Iterable[bool]) -> list[Prediction]:
    """Say of answers to inputs that were cut at the maximum length that they were: `cut` is among their details."""
    pairs = zip(answers, cut, strict=True)
    return [Prediction(answer.value, answer.details | {"cut": True}) if was else answer for answer, was in pairs]
