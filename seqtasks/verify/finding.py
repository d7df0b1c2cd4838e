"""`Finding`: what one check has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seqtasks.prediction import Prediction

TOLERANCE = 1e-4
"""Of a loss per target, or of a number that is answered, relative above 1: float32 sums come in another order."""


@dataclass(frozen=True)
class Finding:
    """What one check has seen.

    Attributes:
        name: of the check.
        question: what was compared with what.
        outcome: whether both were the same, or why there was nothing to compare.
        cases: how many comparisons were made.
        differing: how many answers differed.
        deviation: the largest difference of a number; None where only answers are compared.
        tolerance: how large it may be; 0: bit for bit.
        reason: why it was left out.
    """

    name: str
    question: str
    outcome: Literal["same", "different", "left out"]
    cases: int = 0
    differing: int = 0
    deviation: float | None = None
    tolerance: float = TOLERANCE
    reason: str = ""


def left_out(name: str, question: str, reason: str) -> Finding:
    """A check that this run has no part in."""
    return Finding(name, question, "left out", reason=reason)


def judge(
    name: str,
    question: str,
    *,
    cases: int,
    differing: int = 0,
    deviation: float | None = None,
    tolerance: float = TOLERANCE,
) -> Finding:
    """Same if no answer differs and no number by more than the tolerance; not-a-number is never the same."""
    same = not differing and (deviation is None or deviation <= tolerance)
    return Finding(name, question, "same" if same else "different", cases, differing, deviation, tolerance)


def distance(found: Any, expected: Any) -> float:
    """Largest difference of two answers: of numbers, relative where they are above 1; infinite if they are unlike."""
    if isinstance(found, float | int) and isinstance(expected, float | int):
        return abs(found - expected) / max(1.0, abs(expected))
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return max(map(distance, found, expected), default=0.0)
    return 0.0 if found == expected else float("inf")


def differing_answers(found: Sequence[Prediction], expected: Sequence[Prediction]) -> int:
    """Answers that are not the same; numbers within the tolerance are."""
    return sum(distance(ours.value, theirs.value) > TOLERANCE for ours, theirs in zip(found, expected, strict=True))
