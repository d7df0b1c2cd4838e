"""`Score`: one number and everything needed to quote it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Score:
    """One score over a set of examples.

    Attributes:
        name: what it is called in recipes and files, such as `accuracy`, `macro_f1`, `bleu`.
        value: the number, in `unit`.
        unit: `0-1`; `BLEU`, `chrF`, `TER`, which run from 0 to 100; `nats`, `bits`, `perplexity`; `value` for errors in
            the unit of the data, `ratio` for those measured by a naive forecast's.
        higher_is_better: the direction of improvement.
        low, high: the 95% bootstrap interval over examples; None where none was computed.
        signature: how it was computed; two scores compare only if their signatures are equal.
        support: what was counted, such as `1,821 sentences`.
    """

    name: str
    value: float
    unit: str
    higher_is_better: bool
    signature: str
    support: str
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for `scores.json`."""
        return asdict(self)
