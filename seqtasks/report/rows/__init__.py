"""The section "All answers": what of each test row stands in the report, and how a reader finds a row there.

`view.py` says what is known of the rows of a kind of answer, the three files beside it make it for each kind, and
`held.py` puts as many rows as the page can hold into it. `templates/rows.html.j2` is the section, `templates/rows.js`
searches, filters, sorts and draws.
"""

from collections.abc import Callable, Sequence

from seqtasks.report.predictions import (
    PREDICTION_TYPES,
    ForecastPrediction,
    LabelPrediction,
    LikelihoodPrediction,
    NumberPrediction,
    Prediction,
    SymbolPrediction,
    TagPrediction,
    TextPrediction,
    TunePrediction,
)
from seqtasks.report.rows.held import HeldRows, held_rows
from seqtasks.report.rows.labels import label_view, tag_view
from seqtasks.report.rows.numbers import forecast_view, number_view
from seqtasks.report.rows.texts import likelihood_view, text_view, tune_view
from seqtasks.report.rows.view import MAX_ROWS, View
from seqtasks.report.run_files import Run

VIEWS: dict[type[Prediction], Callable[[Run, Sequence[float]], View]] = {
    ForecastPrediction: forecast_view,
    LabelPrediction: label_view,
    LikelihoodPrediction: likelihood_view,
    NumberPrediction: number_view,
    SymbolPrediction: text_view,
    TagPrediction: tag_view,
    TextPrediction: text_view,
    TunePrediction: tune_view,
}

__all__ = ["MAX_ROWS", "HeldRows", "held_rows", "row_view"]


def row_view(run: Run, values: Sequence[float]) -> View:
    """The first rows of a run, at most `MAX_ROWS`.

    Args:
        run: whose test rows they are.
        values: `Answers.values`, by which some kinds of answers are sorted.
    """
    return VIEWS[PREDICTION_TYPES[run.task]](run, values)
