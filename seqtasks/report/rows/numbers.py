"""Rows with numbers: one or several for a recording, or the next steps of series."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.report.answers.answers import rows_of
from seqtasks.report.headline import format_number
from seqtasks.report.predictions import ForecastPrediction, NumberPrediction
from seqtasks.report.rows.view import MAX_ROWS, Order, Row, View, by_length, rounded
from seqtasks.report.run_files import Run

MAX_POINTS = 48
"""Of a small drawing; it is not wide enough to show more."""
FEW = 6
"""Numbers that are written rather than drawn."""
_BY_ERROR = [Order("largest error", "value", -1), Order("smallest error", "value", 1)]


def number_view(run: Run, values: Sequence[float]) -> View:
    """A number a row, or several, with its absolute error."""
    rows = rows_of(run, NumberPrediction)[:MAX_ROWS]

    def shown(row: NumberPrediction, value: float) -> Row:
        return {"index": row.index, "value": rounded(value), "length": row.length} | _written(row)

    return View(
        form="numbers",
        note="error {value} · {length} frames",
        rows=list(map(shown, rows, values)),
        orders=[*_BY_ERROR, *by_length(rows, "input")],
    )


def forecast_view(run: Run, values: Sequence[float]) -> View:
    """The next steps a row, with their mean absolute error; of several series the one with the largest is drawn.

    Errors of several series are in deviations of each, as they are in `values`.
    """
    rows = rows_of(run, ForecastPrediction)
    truth, forecast = (
        np.array([getattr(row, name) for row in rows], dtype=float).reshape(len(rows), len(rows[0].reference), -1)
        for name in ("reference", "prediction")
    )
    spread = truth.std(axis=(0, 1))
    errors = np.nan_to_num(np.abs(forecast - truth), nan=np.inf).mean(axis=1) / np.where(spread > 0, spread, 1.0)
    worst = errors.argmax(axis=1)
    several, few = truth.shape[2] > 1, truth[0].size <= FEW

    def shown(place: int) -> Row:
        row, series = rows[place], int(worst[place])
        found = _written(row) if few else _drawn(truth[place, :, series], forecast[place, :, series])
        return {"index": row.index, "value": rounded(values[place]), "series": series + 1} | found

    return View(
        form="numbers" if few else "forecasts",
        note="error {value}" + ("" if not several else " deviations" if few else " · series {series}"),
        rows=list(map(shown, range(min(len(rows), MAX_ROWS)))),
        orders=_BY_ERROR,
    )


def _written(row: NumberPrediction | ForecastPrediction) -> Row:
    def numbers(value: Any) -> str:
        return ", ".join(map(numbers, value)) if isinstance(value, list) else format_number(value, "value")

    return {"reference": numbers(row.reference), "output": numbers(row.prediction)}


def _drawn(truth: NDArray[np.float64], forecast: NDArray[np.float64]) -> Row:
    """Both lines as heights from 0 to 99, which a small drawing shows, and the numbers that these two stand for."""
    places = np.linspace(0, len(truth) - 1, min(len(truth), MAX_POINTS)).round().astype(int)
    lines = np.stack([truth, forecast])[:, places]
    finite = np.isfinite(lines)
    low, high = (lines[finite].min(), lines[finite].max()) if finite.any() else (0.0, 0.0)
    lines = np.nan_to_num(lines, nan=low, posinf=high, neginf=low)
    heights = (99 * (lines - low) / (high - low or 1.0)).round().astype(int).tolist()
    return {"truth": heights[0], "forecast": heights[1], "low": rounded(low), "high": rounded(high)}
