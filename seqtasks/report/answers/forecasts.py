"""Forecasts: windows of the series with what was forecast, and how errors grow with the steps ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.errors import RunError
from seqtasks.metrics.conformal import coverage
from seqtasks.recipe import ForecastingRecipe
from seqtasks.report import number_charts
from seqtasks.report.answers.answers import Answers, Group, rows_of
from seqtasks.report.examples import sample
from seqtasks.report.predictions import ForecastPrediction
from seqtasks.report.run_files import Run

NUM_WINDOWS = 2


@dataclass(frozen=True)
class Window:
    """A window, the series of it that is shown, and its mean absolute error there."""

    index: int
    series: int
    error: float


def forecast_answers(run: Run) -> Answers:
    """The next steps of one series or of several."""
    rows = rows_of(run, ForecastPrediction)
    truth, forecast = (_steps([getattr(row, name) for row in rows]) for name in ("reference", "prediction"))
    errors = np.nan_to_num(np.abs(forecast - truth), nan=np.inf)  # (rows, steps ahead, series)
    # Errors of several series are comparable only in units of how much each of them varies.
    spread = truth.std(axis=(0, 1))
    unit = np.where(spread > 0, spread, 1.0) if truth.shape[2] > 1 else np.ones(1)
    means = (errors / unit).mean(axis=(1, 2))
    order = np.argsort(means, kind="stable")

    def windows(chosen: list[int]) -> list[Window]:
        found = []
        for row in chosen:
            by_series = errors[row].mean(axis=0)
            series = int((by_series / unit).argmax())
            found.append(Window(row, series, float(by_series[series])))
        return found

    groups = [
        Group("worst", "Largest errors", windows(_apart(order[::-1].tolist(), truth.shape[1]))),
        Group("median", "Of median error", windows(_apart(order[len(order) // 2 :].tolist(), truth.shape[1]))),
        Group("drawn", "Drawn at random", windows(sample(range(len(rows)), NUM_WINDOWS))),
    ]
    widths = _widths(run, shape=truth.shape[1:])
    figures = {
        f"{group.name}-{window.index}": _chart(rows[window.index], truth, forecast, window, widths)
        for group in groups
        for window in group.rows
    }
    rivals = {"this run": forecast, **_rivals(run, rows, steps=truth.shape[1])}
    by_step = {name: (np.abs(answer - truth) / unit).mean(axis=(0, 2)) for name, answer in rivals.items()}
    title = "mean absolute error" + (", in deviations of the series" if truth.shape[2] > 1 else "")
    figures["by_step"] = number_charts.error_by_step(by_step, title=title)
    content = {
        "groups": groups,
        "coverage": coverage(errors, widths),
        "num_values": errors.size,
        "calibrated_on": run.intervals.rows if run.intervals else 0,
        "by_series": [
            (series + 1, errors[..., series].mean(), spread[series], truth[..., series].mean())
            for series in range(truth.shape[2])
        ],
    }
    loss_unit = "error of standardised values"
    return Answers(
        "forecasts.html.j2", content, figures, steps="time steps", loss_unit=loss_unit, values=means.tolist()
    )


def _apart(order: list[int], steps: int) -> list[int]:
    """The first windows whose futures do not overlap, as neighbours look alike."""
    found: list[int] = []
    for row in order:
        if len(found) < NUM_WINDOWS and all(abs(row - other) >= steps for other in found):
            found.append(row)
    return found


def _steps(values: list[Any]) -> NDArray[np.float64]:
    """`(rows, steps, series)`."""
    array = np.array(values, dtype=np.float64)
    return array.reshape(*array.shape[:2], -1)


def _widths(run: Run, *, shape: tuple[int, ...]) -> dict[str, NDArray[np.float64]]:
    """Half-widths of the bands, `(steps ahead, series)` by level; empty where the run has none.

    Raises:
        RunError: they are of another shape than the forecasts.
    """
    stored = run.intervals.half_widths if run.intervals else {}
    for name, rows in stored.items():
        if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
            raise RunError(
                f"{run.name}/intervals.json: the widths of {name}% are not one for each step ahead and series; "
                f"expected {shape[0]} times {shape[1]}; run the recipe again"
            )
    return {name: np.array(rows) for name, rows in stored.items()}


def _chart(
    row: ForecastPrediction,
    truth: NDArray[np.float64],
    forecast: NDArray[np.float64],
    window: Window,
    widths: Mapping[str, NDArray[np.float64]],
) -> Any:
    whole = len(row.input) == row.length  # of a long context only the first steps are kept
    context = np.array(row.input, dtype=float)[:, window.series] if whole else np.empty(0)
    return number_charts.forecast(
        context,
        truth[window.index, :, window.series],
        forecast[window.index, :, window.series],
        {name: found[:, window.series] for name, found in widths.items()},
    )


def _rivals(run: Run, rows: list[ForecastPrediction], *, steps: int) -> dict[str, NDArray[np.float64]]:
    """The run's naive baselines, made again from the contexts, if these were kept as a whole and are equally long."""
    if any(len(row.input) != row.length or row.length != rows[0].length for row in rows):
        return {}
    context = np.array([row.input for row in rows], dtype=np.float64)
    season = run.recipe.forecast.season_length if isinstance(run.recipe, ForecastingRecipe) else 1
    seasons = {"last value": 1}
    if 1 < season <= context.shape[1]:
        seasons["a season before"] = season
    return {name: context[:, np.arange(steps) % back - back] for name, back in seasons.items()}
