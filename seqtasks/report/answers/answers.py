"""`Answers`: what the report shows of a run's answers, whatever their kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from seqtasks.report import charts
from seqtasks.report.buckets import Bucket
from seqtasks.report.frame_charts import recording
from seqtasks.report.frequency import by_frequency, word_tally
from seqtasks.report.predictions import Frames, Prediction
from seqtasks.report.run_files import Run

NUM_EXAMPLES = 12
NUM_RECORDINGS = 6
"""Recordings are shown by charts, which weigh more than texts."""

_PICTURE = re.compile(r"data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+")

AnyPrediction = TypeVar("AnyPrediction", bound=Prediction)


@dataclass(frozen=True)
class Answers:
    """What the report shows of a run's answers.

    Attributes:
        template: of the sections "Why it fails" and "Examples".
        content: what the template is filled with.
        figures: its charts by name.
        steps: what the length of an input counts, such as `tokens`.
        loss_unit: of the training loss.
        values: what each row is judged by, where that takes more than the row itself: sentence chrF, an error.
    """

    template: str
    content: dict[str, Any]
    figures: dict[str, Any] = field(default_factory=dict)
    steps: str = "tokens"
    loss_unit: str = "nats per target"
    values: Sequence[float] = ()


class Group(NamedTuple):
    """Examples under one title; `name` begins the names of their charts."""

    name: str
    title: str
    rows: Sequence[Any]


def rows_of(run: Run, kind: type[AnyPrediction]) -> list[AnyPrediction]:
    """The run's predictions, which are of this kind."""
    return [row for row in run.predictions if isinstance(row, kind)]


def is_recording(given: str | list[str] | Frames) -> bool:
    """Whether an input is a list of frames."""
    return not isinstance(given, str) and bool(given) and not isinstance(given[0], str)


def is_picture(given: object) -> bool:
    """Whether an input is the data URI of a picture that can do nothing but be seen."""
    return isinstance(given, str) and bool(_PICTURE.fullmatch(given))


def recordings(groups: Sequence[Group]) -> dict[str, Any]:
    """A chart of the frames of each example that has some."""
    return {
        f"{group.name}-{row.index}": recording(row.input, num_frames=row.length)
        for group in groups
        for row in group.rows
        if is_recording(row.input)
    }


def by_length(buckets: Sequence[Bucket], *, steps: str = "tokens", **options: Any) -> dict[str, Any]:
    """The chart of the score by length, if there are several lengths."""
    if len(buckets) < 2:
        return {}
    return {"by_length": charts.score_by_bucket(buckets, by=f"length in {steps}", **options)}


def by_word_frequency(run: Run, *, title: str, split: str = "inputs") -> dict[str, Any]:
    """The chart of the score by how often words stand in the training rows, if they differ in that."""
    tally = word_tally(run)
    buckets = by_frequency(tally) if tally is not None else []
    if len(buckets) < 2:
        return {}
    by = f"times that a word stands in the training {split}"
    return {"by_frequency": charts.score_by_bucket(buckets, title=title, by=by, of="words", scale=100, highest=100)}
