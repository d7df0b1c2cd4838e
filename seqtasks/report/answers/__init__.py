"""What the report shows of a run's answers: one module, with its own template, for each kind of answer.

A kind is a type of prediction. A task that answers in a kind that is here needs its line in
`predictions.PREDICTION_TYPES`, and nothing else.
"""

from collections.abc import Callable

from seqtasks.report.answers.answers import Answers
from seqtasks.report.answers.forecasts import forecast_answers
from seqtasks.report.answers.labels import label_answers
from seqtasks.report.answers.likelihoods import likelihood_answers
from seqtasks.report.answers.numbers import number_answers
from seqtasks.report.answers.symbols import symbol_answers
from seqtasks.report.answers.tags import tag_answers
from seqtasks.report.answers.texts import text_answers
from seqtasks.report.answers.tunes import tune_answers
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
from seqtasks.report.run_files import Run

KINDS: dict[type[Prediction], Callable[[Run], Answers]] = {
    ForecastPrediction: forecast_answers,
    LabelPrediction: label_answers,
    LikelihoodPrediction: likelihood_answers,
    NumberPrediction: number_answers,
    SymbolPrediction: symbol_answers,
    TagPrediction: tag_answers,
    TextPrediction: text_answers,
    TunePrediction: tune_answers,
}

__all__ = ["KINDS", "Answers", "show_answers"]


def show_answers(run: Run) -> Answers:
    """What the report shows of this run's answers."""
    return KINDS[PREDICTION_TYPES[run.task]](run)
