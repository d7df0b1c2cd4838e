"""The runs that are compared: read, named, and refused where their scores do not compare."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqtasks.errors import RunError
from seqtasks.metrics.score import Score
from seqtasks.report.answers.answers import is_picture
from seqtasks.report.run_files import Run, read_run


@dataclass(frozen=True)
class Contestant:
    """A run that is compared.

    Attributes:
        name: of the directory; its whole path where two directories have one name.
        path: of the directory.
        run: what its files hold.
    """

    name: str
    path: Path
    run: Run

    def score(self, name: str) -> Score | None:
        """The test score of this name."""
        return next((score for score in self.run.scores.test.scores if score.name == name), None)


def read_contestants(paths: Sequence[Path]) -> list[Contestant]:
    """Read run directories whose scores compare; the first one is the baseline.

    Raises:
        RunError: there are fewer than two, one is given twice, missing or damaged, or they differ in task, test rows or
            the way in which they were scored.
    """
    if len(paths) < 2:
        raise RunError(f"compare: {len(paths)} run was given; expected two or more; name another one")
    twice = [path for path, times in Counter(path.resolve() for path in paths).items() if times > 1]
    if twice:
        raise RunError(f"{twice[0]}: given twice; expected different runs; leave one out")
    runs = [read_run(path) for path in paths]
    names = Counter(run.name for run in runs)
    contestants = [
        Contestant(run.name if names[run.name] == 1 else str(path), path, run)
        for path, run in zip(paths, runs, strict=True)
    ]
    for other in contestants[1:]:
        _check_task(contestants[0], other)
        _check_rows(contestants[0], other)
        _check_protocol(contestants[0], other)
    return contestants


def _check_task(first: Contestant, other: Contestant) -> None:
    if first.run.task != other.run.task:
        raise RunError(
            f"{other.path}: its task is {other.run.task}, that of {first.path} is {first.run.task}; expected runs of "
            "one task; compare it with another run"
        )


def _check_rows(first: Contestant, other: Contestant) -> None:
    remedy = (
        f"expected the same test rows in the same order; score one on the rows of the other: "
        f"seqtasks evaluate {other.path} dataset.KEY=VALUE --output NEW"
    )
    rows, others = first.run.predictions, other.run.predictions
    if len(rows) != len(others):
        raise RunError(
            f"{other.path / 'predictions.jsonl'}: {len(others):,} rows, and {len(rows):,} in {first.path}; {remedy}"
        )
    for number, (row, twin) in enumerate(zip(rows, others, strict=True)):
        for field in ("input", "reference"):
            mine, theirs = getattr(twin, field), getattr(row, field)
            # A picture is kept as small as the model sees it.
            if mine != theirs and not (is_picture(mine) and is_picture(theirs) and _sizes_differ(first, other)):
                raise RunError(
                    f"{other.path / 'predictions.jsonl'}: row {number} has the {field} {_short(mine)}, in {first.path} "
                    f"it is {_short(theirs)}; {remedy}"
                )


def _check_protocol(first: Contestant, other: Contestant) -> None:
    for score in first.run.scores.test.scores:
        twin = other.score(score.name)
        if twin and (twin.signature, twin.unit) != (score.signature, score.unit):
            raise RunError(
                f"{other.path / 'scores.json'}: {score.name} was computed as {twin.signature!r}, in {first.path} as "
                f"{score.signature!r}; expected one protocol; run one of the recipes again with the settings (such as "
                "the block scores) and the version of the other"
            )


def _sizes_differ(first: Contestant, other: Contestant) -> bool:
    sizes = [getattr(getattr(each.run.recipe, "input", None), "size", None) for each in (first, other)]
    return sizes[0] != sizes[1]


def _short(value: Any, size: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= size else text[: size - 1] + "…"
