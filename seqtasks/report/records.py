"""What a run directory's files hold: each class is one file, or one line of one.

They stand between the files (`run_files.py`) and everything that the report computes from them. Fields that a later
minor version adds are ignored; what is missing or of another type is refused. Predictions: `predictions.py`.
"""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from seqtasks.metrics.score import Score


class Record(BaseModel):
    """Base of everything read from a run directory: immutable, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Environment(Record):
    """`environment.json`: with what, on what and by which command the run was made."""

    format_version: int
    seqtasks: str
    python: str
    torch: str
    packages: dict[str, str] = {}
    platform: str
    cpu_count: int | None = None
    threads: int | None = None
    device: str
    command: str
    started: str


class DatasetCard(Record):
    """What the data set is and on which terms it may be used."""

    path: str | None = None
    name: str | None = None
    title: str | None = None
    licence: str | None = None
    citation: str | None = None
    homepage: str | None = None
    languages: list[str] = []


class SplitStatistics(Record):
    """The numbers of one split; `lengths` is a histogram of (lower edge in tokens, rows)."""

    rows: int
    tokens: int
    mean_length: float
    max_length: int
    lengths: list[tuple[float, int]] = []
    unknown_rate: float | None = None
    truncated: int = 0
    empty: int = 0

    @model_validator(mode="after")
    def _edges_rise(self) -> "SplitStatistics":
        if any(low >= high for (low, _), (high, _) in pairwise(self.lengths)):
            raise ValueError("lengths: the edges of the histogram do not rise")
        return self


class Data(Record):
    """`data.json`; `duplicates` counts rows of a split whose input also stands in the training split."""

    dataset: DatasetCard
    splits: dict[str, SplitStatistics]
    duplicates: dict[str, int] = {}
    labels: dict[str, dict[str, int]] | None = None
    vocabulary_size: int | None = None
    parameters: int | None = None


class TrainEvent(Record):
    """A logged training step; `loss` in nats per target, `clipped_norm` is what clipping left of `grad_norm`."""

    event: Literal["train"]
    step: int
    epoch: float
    loss: float | None
    learning_rate: float | None = None
    grad_norm: float | None = None
    clipped_norm: float | None = None
    tokens_per_second: float | None = None
    seconds: float


class EvalEvent(Record):
    """A validation and its scores by name."""

    event: Literal["eval"]
    step: int
    epoch: float
    scores: dict[str, float | None]
    best: bool = False
    seconds: float


class EndEvent(Record):
    """How the training ended, and which steps made the final model.

    `skipped` steps had a loss or gradient that was not finite; batches above `largest_batch` padded tokens did not fit
    into memory and were split.
    """

    event: Literal["end"]
    step: int
    best_step: int | None = None
    metric: str | None = None
    averaged_steps: list[int] = []
    reason: str
    skipped: int = 0
    largest_batch: int | None = None
    seconds: float


Event = Annotated[TrainEvent | EvalEvent | EndEvent, Field(discriminator="event")]


class Log(Record):
    """`log.jsonl`, by kind of event. Where a resumed run repeats a step, its last line counts."""

    train: list[TrainEvent] = []
    evals: list[EvalEvent] = []
    end: EndEvent | None = None


class SplitScores(Record):
    """The scores of one split, and those of the baselines by the baseline's name."""

    scores: list[Score]
    baselines: dict[str, list[Score]] = {}


class Scores(Record):
    """`scores.json`; `primary` names the score that the run is judged by."""

    primary: str
    test: SplitScores
    validation: SplitScores | None = None

    @model_validator(mode="after")
    def _primary_is_there(self) -> "Scores":
        if self.primary not in {score.name for score in self.test.scores}:
            raise ValueError(f"primary: {self.primary!r} is none of the test scores")
        return self


class Intervals(Record):
    """`intervals.json`: half-widths around forecasts, `(steps ahead, series)` by level in percent.

    `rows` is the number of validation rows that they come from.
    """

    rows: int
    half_widths: dict[str, list[list[Annotated[float, Field(ge=0, allow_inf_nan=False)]]]]


class Finding(Record):
    """One entry of `verify.json`: what a check of `seqtasks verify` has seen."""

    name: str
    question: str
    outcome: Literal["same", "different", "left out"]
    cases: int
    differing: int
    deviation: float | None
    tolerance: float
    reason: str
