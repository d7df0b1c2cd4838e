"""What the numbers say: which gradients vanish, survive and explode, and what helps."""

import math
from collections.abc import Callable, Sequence

from seqtasks.gradients.measurement import Measurement, Network

VANISHED = 0.01
"""Of the gradient at distance 0: less counts as vanished."""

EXPLODED = 2.0
"""The same: more at the farthest distance counts as exploded."""

DISTANCES = (1, 10, 50, 100)
"""Shown in tables, beside the farthest one."""


def farthest(networks: Sequence[Network]) -> int:
    """The largest distance measured, the same for all."""
    return len(networks[0].stages[0].median) - 1


def shown_distances(networks: Sequence[Network]) -> list[int]:
    """Distances of a table's columns."""
    last = farthest(networks)
    return [*(distance for distance in DISTANCES if distance < last), last]


def vanished_after(measured: Measurement) -> int | None:
    """The first distance at which the median is below `VANISHED`; None if there is none."""
    return next((distance for distance, share in enumerate(measured.median) if share < VANISHED), None)


def verdict(measured: Measurement) -> str:
    """`explodes`, `vanishes` or `survives`."""
    if measured.median[-1] > EXPLODED:
        return "explodes"
    return "survives" if vanished_after(measured) is None else "vanishes"


def format_norm(value: float) -> str:
    """Two digits, or `overflow` for what has left the range of numbers."""
    return f"{value:.2g}" if math.isfinite(value) else "overflow"


def sentences(networks: Sequence[Network], stage: int, max_grad_norm: float | None) -> list[str]:
    """Three sentences: what vanishes, what does not, what helps.

    Args:
        networks: all variants.
        stage: optimizer steps done before, one of `Network.stages`.
        max_grad_norm: where training clips; None: it does not.
    """
    found = {network.variant.name: network.stages[stage] for network in networks}
    last = farthest(networks)
    return [_vanishing(found, last), _rest(found, last), _cures(found, last, max_grad_norm)]


def _vanishing(found: dict[str, Measurement], last: int) -> str:
    after = _by_verdict(found, "vanishes", lambda measured: str(vanished_after(measured)))
    if not after:
        return f"Nothing vanishes: within {last} steps no cell loses 99% of its gradient."
    return f"Vanishing: less than 1% of the gradient is left after so many steps: {_join(after)}."


def _rest(found: dict[str, Measurement], last: int) -> str:
    kept = _by_verdict(found, "survives", lambda measured: format_norm(measured.median[-1]))
    grown = _by_verdict(found, "explodes", lambda measured: format_norm(measured.median[-1]))
    survive = f"Surviving: over all {last} steps more than 1% is kept" if kept else f"Nothing survives {last} steps"
    explode = f"exploding: multiplied over {last} steps" if grown else "nothing explodes"
    return f"{survive}{_listed(kept)}; {explode}{_listed(grown)}."


def _cures(found: dict[str, Measurement], last: int, max_grad_norm: float | None) -> str:
    best = max(("lstm", "gru", "mingru", "minlstm"), key=lambda name: _reach(found[name]))
    gates = _compared("gates", (best, found[best]), ("rnn_tanh", found["rnn_tanh"]), last)
    starts = ("rnn_relu with it", found["rnn_relu identity"]), ("rnn_relu without", found["rnn_relu"])
    identity = _compared("the identity start", *starts, last)
    return f"Cures: {gates}; {identity}; {_clipping(found, max_grad_norm)}."


def _compared(cure: str, cured: tuple[str, Measurement], plain: tuple[str, Measurement], last: int) -> str:
    """Whether a cure carries the gradient further than its absence, and how far both go."""
    effect = "carry" if cure == "gates" else "carries"
    helps = f"{effect} it further" if _reach(cured[1]) > _reach(plain[1]) else f"{effect} it no further here"
    cases = (f"{name} {_carried(measured, last)}" for name, measured in (cured, plain))
    return f"{cure} {helps} ({', '.join(cases)})"


def _reach(measured: Measurement) -> tuple[float, float]:
    """How far a gradient goes: steps before it has vanished, then what is left at the farthest distance."""
    after = vanished_after(measured)
    return math.inf if after is None else after, float(measured.median[-1])


def _carried(measured: Measurement, last: int) -> str:
    after = vanished_after(measured)
    return (
        f"keeps {format_norm(measured.median[-1])} over {last} steps"
        if after is None
        else f"loses 99% in {after} steps"
    )


def _clipping(found: dict[str, Measurement], limit: float | None) -> str:
    name, longest = max(
        ((name, measured.weights) for name, measured in found.items()),
        key=lambda pair: pair[1] if math.isfinite(pair[1]) else math.inf,
    )
    weights = f"the gradient of {name}'s weights (norm {format_norm(longest)})"
    if limit is None:
        return f"{weights} is not clipped, as train.max_grad_norm is null"
    if not math.isfinite(longest):
        return f"clipping at {limit:g} cannot mend {weights}"
    effect = "leaves alone" if longest <= limit else "shortens"
    return f"clipping at {limit:g} {effect} {weights}, and revives none that has vanished"


def _by_verdict(found: dict[str, Measurement], wanted: str, describe: Callable[[Measurement], str]) -> list[str]:
    return [f"{name} {describe(measured)}" for name, measured in found.items() if verdict(measured) == wanted]


def _listed(parts: Sequence[str]) -> str:
    return f" ({_join(parts)})" if parts else ""


def _join(parts: Sequence[str]) -> str:
    return ", ".join(parts)
