"""What each row of `predictions.jsonl` adds to the scores of a run, where it holds enough to be known.

The scores are computed anew by the very functions that the tasks use. What a row adds to one is known only if the rows
together give the score that `scores.json` holds; `mismatch` says where they do not.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.scaling import Scaling
from seqtasks.errors import RunError
from seqtasks.files import read_json
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.classification import classification_statistics
from seqtasks.metrics.edit import error_rate_statistics
from seqtasks.metrics.likelihood import Likelihood, perplexity_statistics
from seqtasks.metrics.regression import regression_statistics
from seqtasks.metrics.score import Score
from seqtasks.metrics.tagging import tagging_statistics
from seqtasks.metrics.text import TextMetric, placeholder_statistics
from seqtasks.metrics.text_pairs import text_statistics
from seqtasks.recipe import ForecastingRecipe
from seqtasks.report.predictions import (
    ForecastPrediction,
    LabelPrediction,
    LikelihoodPrediction,
    NumberPrediction,
    SymbolPrediction,
    TagPrediction,
    TextPrediction,
    TunePrediction,
)
from seqtasks.report.run_files import Run, scored_rows

TOLERANCE = 1e-5
"""How far a score may be from that in `scores.json`, relatively: numbers in `predictions.jsonl` are rounded."""


def row_statistics(run: Run, path: Path, *, labels: Sequence[str]) -> dict[str, ScoreStatistics]:
    """The statistics of each score that the rows of a run allow, by the score's name.

    Args:
        run: what the directory's files hold.
        path: of the directory.
        labels: what macro F1 is the mean over.

    Raises:
        RunError: the rows hold numbers in different shapes.
    """
    rows: Sequence[Any] = scored_rows(run)
    references, predictions = [row.reference for row in rows], [row.prediction for row in rows]
    found: list[ScoreStatistics] = []
    match rows[0]:
        case LabelPrediction():
            found = classification_statistics(references, predictions, labels=labels)
        case TagPrediction():
            found = tagging_statistics(references, predictions, unknown=[row.unknown for row in rows])
        case SymbolPrediction():
            found = error_rate_statistics(references, predictions, unit_name="phoneme")
        case TunePrediction():
            # Tokens are not kept, but characters are.
            likelihoods = [Likelihood(row.nats, 0, 0, len(row.reference[0]) + 1) for row in rows]
            found = [each for each in perplexity_statistics(likelihoods) if each.name == "bits_per_character"]
        case TextPrediction():
            found = _text_statistics(run, references, predictions)
        case LikelihoodPrediction():
            found = perplexity_statistics(
                [Likelihood.of_text(row.input, nats=row.prediction, tokens=row.tokens) for row in rows]
            )
        case NumberPrediction():
            right, guess = _arrays(path, references, predictions)
            found = regression_statistics(right[:, None], guess[:, None], names=("mse", "rmse", "mae"))
        case ForecastPrediction():
            found = _forecast_statistics(run, path, *_arrays(path, references, predictions))
    return {statistics.name: statistics for statistics in found}


def mismatch(score: Score, statistics: ScoreStatistics | None) -> str:
    """Why a score cannot be tested with these statistics; empty if it can."""
    if not math.isfinite(score.value):
        return "it is not a finite number"
    if statistics is None:
        return "predictions.jsonl does not hold what each row adds to it"
    if not math.isclose(statistics.value, score.value, rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3):
        return f"the rows of predictions.jsonl give {statistics.value:.6g}, scores.json says {score.value:.6g}"
    return ""


def _text_statistics(
    run: Run, references: Sequence[Sequence[str]], predictions: Sequence[str]
) -> list[ScoreStatistics]:
    options = run.recipe.model_dump()["scores"]
    names = {score.name for score in run.scores.test.scores}
    metrics: list[TextMetric] = [metric for metric in get_args(TextMetric) if metric in names]
    found = [text_statistics(references, predictions, metric=metric, **options) for metric in metrics]
    placeholders = placeholder_statistics(references, predictions)
    return found if placeholders is None else [*found, placeholders]


def _forecast_statistics(
    run: Run, path: Path, right: NDArray[np.float64], guess: NDArray[np.float64]
) -> list[ScoreStatistics]:
    if not isinstance(run.recipe, ForecastingRecipe):
        raise TypeError(f"{run.name}: forecasts of a recipe without a block forecast")
    right, guess = (steps.reshape(*steps.shape[:2], -1) for steps in (right, guess))
    block = run.recipe.forecast
    options: dict[str, Any] = {"block_length": block.context_length + block.prediction_length}
    found = regression_statistics(right, guess, names=("mae", "rmse"), **options)
    if (path / "series.json").exists():
        scale = _naive_error(path / "series.json")
        found += regression_statistics(right, guess, names=("mase",), scale=scale, **options)
    if (path / "scaling_outputs.json").exists():
        scaling = Scaling.load(path / "scaling_outputs.json")
        scaled = scaling.apply(right), scaling.apply(guess)
        found += regression_statistics(*scaled, names=("mse", "mae"), prefix="scaled_", **options)
    return found


def _naive_error(path: Path) -> NDArray[np.float64]:
    try:
        return np.array(read_json(path)["naive_error"], dtype=np.float64)
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path}: {error}; expected naive_error; run the recipe again") from None


def _arrays(path: Path, *columns: Sequence[Any]) -> list[NDArray[np.float64]]:
    """Each column as `(rows, numbers)` or `(rows, steps, series)`."""
    try:
        arrays = [np.array(column, dtype=np.float64) for column in columns]
        arrays = [array if array.ndim > 1 else array[:, None] for array in arrays]
    except ValueError:
        arrays = []
    if len({array.shape for array in arrays}) != 1:
        raise RunError(
            f"{path / 'predictions.jsonl'}: the rows hold different numbers of numbers; expected as many predicted as "
            "right, and as many in each row; run the recipe again"
        )
    return arrays
