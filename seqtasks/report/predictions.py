"""The lines of `predictions.jsonl`, a type for each kind of answer, and the maps of `attention.json`."""

from typing import Annotated, TypeAlias

from pydantic import Field, model_validator

from seqtasks.report.records import Record

Frames = list[list[float]]
"""A recording or a series: one list of numbers for each time step."""


class LabelPrediction(Record):
    """A label for a text, a picture (`input` is a data URI) or a recording; `probability` is that of `prediction`."""

    index: int
    input: str | Frames
    reference: str
    prediction: str
    probability: float
    length: int


class TagPrediction(Record):
    """A tag for each word, or for each frame, of which the first ones stand in `input`.

    `probability` holds that of each predicted tag; runs of earlier versions lack it.
    """

    index: int
    input: list[str] | Frames
    reference: list[str]
    prediction: list[str]
    unknown: list[bool]
    probability: list[float] | None = None
    length: int

    @model_validator(mode="after")
    def _one_length(self) -> "TagPrediction":
        tags = len(self.reference)
        steps_are_wrong = len(self.input) != tags if self.words else len(self.input) > tags
        numbers = tags if self.probability is None else len(self.probability)
        if steps_are_wrong or not len(self.prediction) == len(self.unknown) == numbers == tags:
            raise ValueError("input, reference, prediction, unknown and probability differ in length")
        return self

    @property
    def words(self) -> list[str]:
        """The input, if it is words; else empty."""
        return [step for step in self.input if isinstance(step, str)]


class TextPrediction(Record):
    """A text for another one, for attributes or for a picture (`input` is a data URI)."""

    index: int
    input: str
    reference: Annotated[list[str], Field(min_length=1)]
    prediction: str
    score: float | None = None
    length: int


class SymbolPrediction(TextPrediction):
    """A text of symbols with spaces between them, such as phonemes."""


class TunePrediction(TextPrediction):
    """A tune in ABC notation, drawn for attributes; `nats` is the negative log-likelihood of the reference."""

    nats: float


class NumberPrediction(Record):
    """A number for a recording, or several."""

    index: int
    input: Frames
    reference: float | list[float]
    prediction: float | list[float]
    length: int


class ForecastPrediction(Record):
    """What follows the time steps in `input`: numbers, or frames where there are several series."""

    index: int
    input: Frames
    reference: list[float] | Frames
    prediction: list[float] | Frames
    length: int


class LikelihoodPrediction(Record):
    """The negative log-likelihood of a text in nats, `prediction`, after the texts before it."""

    index: int
    input: str
    reference: float
    prediction: float
    tokens: int
    length: int


class AttentionMap(Record):
    """What the decoder looked at in one row: `weights` is (target tokens, source tokens)."""

    index: int
    source: list[str]
    target: list[str]
    weights: list[list[float]]

    @model_validator(mode="after")
    def _rectangular(self) -> "AttentionMap":
        if [len(row) for row in self.weights] != [len(self.source)] * len(self.target):
            raise ValueError("weights must hold one row per target token, one number per source token")
        return self


Prediction: TypeAlias = (
    LabelPrediction | TagPrediction | TextPrediction | NumberPrediction | ForecastPrediction | LikelihoodPrediction
)
PREDICTION_TYPES: dict[str, type[Prediction]] = {
    "captioning": TextPrediction,
    "chat": TextPrediction,
    "classification": LabelPrediction,
    "description": TextPrediction,
    "forecasting": ForecastPrediction,
    "frame_classification": LabelPrediction,
    "frame_tagging": TagPrediction,
    "image_classification": LabelPrediction,
    "language_modeling": LikelihoodPrediction,
    "music": TunePrediction,
    "pronunciation": SymbolPrediction,
    "regression": NumberPrediction,
    "tagging": TagPrediction,
    "translation": TextPrediction,
}
"""What answers each task; `answers/` shows each of these types in its own way."""
