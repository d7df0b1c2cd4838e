"""The runs below a folder at a glance: how far, how good, their curves, size and age."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.errors import RunError
from seqtasks.lock import is_locked
from seqtasks.metrics.score import Score
from seqtasks.report.headline import format_interval, format_number
from seqtasks.report.run_files import read_environment, read_log, read_recipe, read_scores

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 8
_STYLES = {"finished": "", "running": "green", "stopped": "yellow", "damaged": "red"}


@dataclass(frozen=True)
class Listed:
    """A run as a list shows it.

    Attributes:
        path: the run directory.
        state: `finished`, `running` (a process writes it), `stopped` or `damaged`.
        note: where it stopped, or what is wrong with it.
        task, seed: of the recipe; None: it cannot be read.
        score: the main one, over the test rows of a finished run, else None.
        curve: the score that training chose by, or the loss, over the validation rows, in the order of the steps.
        metric: the name of what `curve` holds.
        bytes: all its files take.
        started: when it began, in ISO 8601.
    """

    path: str
    state: str
    note: str
    task: str | None
    seed: int | None
    score: Score | None
    curve: list[float]
    metric: str | None
    bytes: int
    started: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def list_runs(folder: Path) -> Iterator[Listed]:
    """The runs below a folder at any depth, the newest last.

    Raises:
        RunError: there is no such folder.
    """
    if not folder.is_dir():
        raise RunError(f"{folder}: no such folder; expected one with runs below; name it, or make a run there")
    found = sorted(folder.rglob("environment.json"), key=lambda path: path.stat().st_mtime)
    for path in found:
        if (path.parent / "recipe.yaml").exists():  # exports hold an environment too
            yield _listed(path.parent)


def _listed(run: Path) -> Listed:
    task = seed = score = metric = started = None
    curve: list[float] = []
    state, note = "running" if is_locked(run) else "stopped", ""
    try:
        started = read_environment(run).started
        recipe = read_recipe(run)
        task, seed = recipe.task, recipe.train.seed
        if (run / "log.jsonl").exists():
            log = read_log(run)
            last = max((event.step for events in (log.train, log.evals) for event in events), default=0)
            note = f"at step {last:,}"
            metric = log.end.metric if log.end else None
            metric = metric if metric and log.evals and metric in log.evals[-1].scores else "loss"
            curve = [value for event in log.evals if (value := event.scores.get(metric)) is not None]
        if (run / "scores.json").exists():
            scores = read_scores(run)
            state, note = "finished", ""
            score = next(each for each in scores.test.scores if each.name == scores.primary)
    except RunError as error:
        state, note = "damaged", str(error).partition(";")[0].removeprefix(f"{run}/")
    size = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
    return Listed(str(run), state, note, task, seed, score, curve, metric, size, started)


def print_runs(runs: Sequence[Listed], folder: Path, console: Console) -> None:
    """Print a table, a line a run, named from the folder on; a wide terminal shows task and interval too."""
    wide = console.width >= 110
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("run", no_wrap=True)
    if wide:
        table.add_column("task", no_wrap=True)
    table.add_column("score", no_wrap=True, max_width=30)
    if wide:
        table.add_column("95% interval", no_wrap=True)
    table.add_column("curve", no_wrap=True)
    for column in ("size", "age"):
        table.add_column(column, justify="right", no_wrap=True)
    now = datetime.now(UTC)
    for run in runs:
        cells = [Text(Path(run.path).relative_to(folder).as_posix())]
        cells += [Text((run.task or "").replace("_", " "))] * wide
        cells.append(Text(_score(run), _STYLES[run.state]))
        cells += [Text(format_interval(run.score) if run.score else "")] * wide
        table.add_row(*cells, sparkline(run.curve), f"{run.bytes / 1e6:.1f} MB", _age(run.started, now))
    console.print(table)


def _score(run: Listed) -> str:
    if run.score is None:
        return f"{run.state} {run.note}".strip()
    return f"{format_number(run.score.value, run.score.unit)} {run.score.name.replace('_', ' ')}"


def sparkline(values: Sequence[float]) -> str:
    """Values as bars of text, at most eight, the lowest the shortest; of more the last of each eighth stands."""
    count = min(len(values), _WIDTH)
    shown = [values[(index + 1) * len(values) // count - 1] for index in range(count)]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    span = high - low or 1.0
    return "".join(_BARS[round((value - low) / span * (len(_BARS) - 1))] for value in shown)


def _age(started: str | None, now: datetime) -> str:
    if started is None:
        return ""
    begun = datetime.fromisoformat(started)
    age = now - (begun if begun.tzinfo else begun.astimezone())
    for unit, name in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if age >= unit:
            return f"{age // unit} {name}"
    return "now"
