"""What the user sees of a run: stages, progress with loss, speed and time left, validation scores.

On a terminal a bar moves; elsewhere (a file, a pipe, CI) plain lines come every ten seconds.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from seqtasks.metrics.score import Score

_PLAIN_INTERVAL = 10.0
"""Seconds between two plain lines."""


class Reporter:
    """Prints to a console.

    Args:
        console: where to; None: standard error.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._total = 0
        self._printed = self._started = 0.0
        self._first = 0

    def stage(self, text: str) -> None:
        """Say what begins now."""
        self.console.print(f"[bold]{text}[/bold]" if self.console.is_terminal else text)

    def detail(self, text: str) -> None:
        """Say something about the running stage."""
        self.console.print(f"  {text}", markup=False, soft_wrap=True)

    @contextmanager
    def training(self, total_steps: int, done: int) -> Iterator[None]:
        """Show progress over `total_steps`, of which `done` were done before."""
        self._total, self._first, self._started, self._printed = total_steps, done, time.monotonic(), 0.0
        if not self.console.is_terminal:
            yield
            return
        columns = (
            TextColumn("  step"),
            MofNCompleteColumn(),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[status]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
        )
        with Progress(*columns, console=self.console, transient=True) as self._bar:
            self._task = self._bar.add_task("train", total=total_steps, completed=done, status="")
            yield
        self._bar = None

    def step(self, values: Mapping[str, Any]) -> None:
        """Show a training log event."""
        status = f"loss {values['loss']:.3f}  {values['tokens_per_second']:,.0f} tokens/s"
        step = int(values["step"])
        if self._bar is not None:
            self._bar.update(self._task, completed=step, status=status)
            return
        now = time.monotonic()
        if now - self._printed >= _PLAIN_INTERVAL or step == self._total:
            self._printed = now
            left = round((now - self._started) / max(1, step - self._first) * (self._total - step))
            self.detail(f"step {step:,}/{self._total:,}  {status}  {left // 60}:{left % 60:02} left")

    def evaluation(self, step: int, scores: Mapping[str, Score], *, metric: str, best: bool) -> None:
        """Show validation scores."""
        shown = "  ".join(f"{name} {score.value:.4g}" for name, score in scores.items())
        self.detail(f"step {step:,}  validation  {shown}{f'  (best {metric})' if best else ''}")
