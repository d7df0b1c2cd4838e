"""How far forecasts may be trusted to lie off: intervals from errors on rows that training has not seen.

Split conformal prediction: Vovk et al. 2005, Algorithmic Learning in a Random World; Lei et al. 2018, arXiv:1604.04173.
Of n absolute errors on validation rows, the ceil((n + 1) p)-th smallest is the half-width of an interval that holds the
next value with probability p or more, if the errors of both are exchangeable. Those of a series are not strictly so:
windows overlap, and series change. So how many values the intervals hold is measured on the test rows.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import RunError
from seqtasks.files import read_json

LEVELS = {"80": 0.8, "95": 0.95}
"""Probabilities, by their names in percent."""


def half_widths(errors: NDArray[np.floating]) -> dict[str, NDArray[np.float64]]:
    """The half-width of the interval of each level.

    Args:
        errors: of validation rows, signed or not, `(rows, ...)`: each step ahead and series has widths of its own.

    Returns:
        `(...)` by the name of the level. Levels for which there are too few rows (95%: less than 19) are left out, and
        those whose errors are not finite.
    """
    ranked = np.sort(np.abs(np.asarray(errors, dtype=np.float64)), axis=0)
    places = {name: ceil(round((len(ranked) + 1) * level, 9)) for name, level in LEVELS.items()}
    found = {name: ranked[place - 1] for name, place in places.items() if 0 < place <= len(ranked)}
    return {name: widths for name, widths in found.items() if np.isfinite(widths).all()}


def describe_half_widths(errors: NDArray[np.floating]) -> dict[str, Any]:
    """The half-widths as `intervals.json` holds them, and the number of rows behind them.

    Args:
        errors: of validation rows, `(rows, steps ahead, series)`.
    """
    widths = {
        name: [[float(f"{width:.6g}") for width in step] for step in found]
        for name, found in half_widths(errors).items()
    }
    return {"rows": len(errors), "half_widths": widths}


def read_half_widths(path: Path, shape: tuple[int, int]) -> dict[str, NDArray[np.float64]]:
    """Read `intervals.json`.

    Args:
        path: of the file.
        shape: steps ahead and series.

    Raises:
        RunError: it is damaged, or of another shape.
    """
    try:
        stored = read_json(path)["half_widths"]
        found = {str(name): np.array(widths, dtype=np.float64) for name, widths in stored.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path}: {error}; expected half_widths; delete it, or train the run again") from None
    for name, widths in found.items():
        if widths.shape != shape or not (np.isfinite(widths) & (widths >= 0)).all():
            raise RunError(
                f"{path}: the widths of {name}% have the shape {widths.shape}, or some is below 0; expected {shape}; "
                "delete it, or train the run again"
            )
    return found


def coverage(
    errors: NDArray[np.floating], widths: Mapping[str, Sequence[object] | NDArray[np.floating]]
) -> dict[str, float]:
    """The share of values that the intervals of each level hold, 0 to 1.

    Args:
        errors: of the forecasts, `(rows, ...)`.
        widths: from `half_widths`.
    """
    sizes = np.abs(np.asarray(errors, dtype=np.float64))
    return {name: float((sizes <= np.asarray(width)).mean()) for name, width in widths.items()}
