"""`Subject`: the run that a page shows, with its model, its scores and some test rows to begin with."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from seqtasks.errors import RunError
from seqtasks.predictor import Predictor, load
from seqtasks.report.headline import SENTENCES, format_interval, format_number, primary_score, score_title
from seqtasks.report.predictions import PREDICTION_TYPES, Prediction
from seqtasks.report.records import Data, Scores
from seqtasks.report.run_files import read_scores
from seqtasks.runtime.manifest import MANIFEST
from seqtasks.share.fetch import find_run

NUM_ROWS = 60
"""Test rows that are read, spread over all of them; each page offers a few."""

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Subject:
    """A run to be shown.

    Attributes:
        path: of the run directory.
        predictor: its model.
        scores: on the test rows.
        data: what it has learned from.
        rows: some test rows with their answers; empty where `predictions.jsonl` is not there, as in runs that were
            pushed to the Hub without their predictions.
    """

    path: Path
    predictor: Predictor
    scores: Scores
    data: Data
    rows: list[Prediction]

    @classmethod
    def open(cls, run: str | Path) -> "Subject":
        """Load a run.

        Args:
            run: its directory, or its name on the Hub.

        Raises:
            RunError: there is no finished run, it is damaged, or it is an export.
        """
        path = find_run(run)
        if (path / MANIFEST).exists():
            raise RunError(
                f"{path}: an export, which answers without torch; expected a run directory; show the run that it was "
                "made from"
            )
        predictor = load(path)
        rows = _some_rows(path / "predictions.jsonl", predictor.task.name)
        return cls(path, predictor, read_scores(path), _read(TypeAdapter(Data), path / "data.json"), rows)

    @property
    def task(self) -> Any:
        """The task, as fitted."""
        return self.predictor.task

    @property
    def model(self) -> Any:
        """The trained model."""
        return self.predictor.model

    @property
    def name(self) -> str:
        """Of the run."""
        return self.path.resolve().name

    @property
    def dataset(self) -> str:
        """The data set as people call it."""
        card = self.data.dataset
        return card.title or PurePath(card.path or "unknown data").name

    @property
    def headline(self) -> str:
        """The main score in words, with its interval."""
        score = primary_score(self.scores)
        sentence = SENTENCES.get((self.task.name, score.name), f"{score_title(score.name)} {{}} on {score.support}")
        interval = format_interval(score)
        return sentence.format(format_number(score.value, score.unit)) + (
            f" (95% interval {interval})" if interval else ""
        )

    @property
    def limits(self) -> str:
        """What must not be expected of the answers."""
        train = self.data.splits.get("train")
        seen = f"{train.rows:,} rows of " if train else ""
        size = f"of {self.data.parameters:,} parameters " if self.data.parameters else ""
        return (
            f"Answers are those of a small network {size}trained on {seen}{self.dataset} alone. It knows nothing else, "
            "and may be sure of a wrong answer."
        )


def _some_rows(path: Path, task: str) -> list[Prediction]:
    if not path.exists():
        return []
    adapter: TypeAdapter[Prediction] = TypeAdapter(PREDICTION_TYPES[task])
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]  # not splitlines(): a text may hold U+2028
    chosen = lines[:: max(1, len(lines) // NUM_ROWS)][:NUM_ROWS]
    return [_parse(adapter, line, where=path) for line in chosen]


def _read(adapter: TypeAdapter[Parsed], path: Path) -> Parsed:
    try:
        return _parse(adapter, path.read_text(encoding="utf-8"), where=path)
    except OSError as error:
        raise RunError(
            f"{path}: cannot be read ({error.strerror}); expected in every finished run; finish it with `seqtasks run`"
        ) from None


def _parse(adapter: TypeAdapter[Parsed], text: str, *, where: Path) -> Parsed:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise RunError(
            f"{where}: {error.errors()[0]['msg']}; expected what `seqtasks run` wrote; run the recipe again"
        ) from None
