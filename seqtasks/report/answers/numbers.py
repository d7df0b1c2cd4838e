"""Numbers: truth against prediction, and how the errors are spread."""

import numpy as np

from seqtasks.report import number_charts
from seqtasks.report.answers.answers import NUM_RECORDINGS, Answers, Group, by_length, recordings, rows_of
from seqtasks.report.buckets import length_buckets
from seqtasks.report.examples import sample
from seqtasks.report.predictions import NumberPrediction
from seqtasks.report.run_files import Run


def number_answers(run: Run) -> Answers:
    """A number a row, or several."""
    rows = rows_of(run, NumberPrediction)
    references, predictions = (
        np.array([getattr(row, name) for row in rows], dtype=float).reshape(len(rows), -1)
        for name in ("reference", "prediction")
    )
    errors = predictions - references
    misses = np.abs(errors).mean(axis=1)
    worst = [rows[row] for row in np.argsort(-np.nan_to_num(misses, nan=np.inf), kind="stable")[:NUM_RECORDINGS]]
    groups = [
        Group("worst", "Largest errors", worst),
        Group("drawn", "Drawn at random", sample(rows, NUM_RECORDINGS)),
    ]
    buckets = length_buckets([row.length for row in rows], misses.tolist())
    figures = {
        "scatter": number_charts.scatter(references, predictions),
        "errors": number_charts.error_histogram(errors),
        **by_length(buckets, title="mean absolute error", steps="frames"),
        **recordings(groups),
    }
    content = {
        "groups": groups,
        "bias": float(errors.mean()),
        "spread": float(references.std()),
        "correlation": _correlation(references, predictions),
    }
    unit = "error of standardised numbers"
    return Answers("numbers.html.j2", content, figures, steps="frames", loss_unit=unit, values=misses.tolist())


def _correlation(references: np.ndarray, predictions: np.ndarray) -> float | None:
    """Pearson's; None where one side never changes."""
    right, guess = (column.ravel() - column.mean() for column in (references, predictions))
    size = float(np.sqrt((right**2).sum() * (guess**2).sum()))
    return float(right @ guess) / size if size > 0 else None
