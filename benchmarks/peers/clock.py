"""The clock that every contestant carries: it counts steps or answers, and prints the one line that is read.

Nothing is imported but the standard library, because this file runs in every contestant's own environment.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

RESULT = "benchmark: "
"""What the line with the result begins with; tools print much else."""


def read_spec() -> dict[str, Any]:
    """What `harness.py` gave on the command line."""
    return json.loads(sys.argv[1])


@dataclass(frozen=True)
class Stamp:
    """A moment: by the clock, and by the processor time of this process, which others on the machine hardly change."""

    seconds: float = field(default_factory=time.perf_counter)
    processor: float = field(default_factory=time.process_time)


def report(
    start: Stamp,
    end: Stamp,
    *,
    units: int,
    packages: tuple[str, ...],
    details: dict[str, Any],
    limit: float | None = None,
) -> None:
    """Print the result of a contestant, the one line that `harness.py` reads.

    Args:
        start: of what was timed.
        end: of it.
        units: what was done: target tokens, words or sentences.
        packages: whose versions are reported.
        details: further columns of the table.
        limit: units a second that the machine's matrix products would allow, if that was measured.
    """
    result = {
        "units": units,
        "seconds": end.seconds - start.seconds,
        "processor_seconds": end.processor - start.processor,
        "limit": limit,
        "details": details,
        "versions": {package: version(package) for package in packages},
    }
    print(RESULT + json.dumps(result), flush=True)


def training_details(*, units: int, sentences: int, steps: int, parameters: int) -> dict[str, Any]:
    """The further columns of a training: what shows that models and batches are alike."""
    return {
        "sentences a batch": round(sentences / steps, 1),
        "tokens a batch": round(units / steps),
        "parameters": f"{parameters:,}",
    }


def time_answers(
    answer: Callable[[list[Any]], list[Any]],
    inputs: list[Any],
    *,
    packages: tuple[str, ...],
    units: int,
    warmup: int = 100,
    limit: float | None = None,
) -> None:
    """Time a trained model that answers inputs; some of them are answered before, to warm it up.

    Args:
        answer: all inputs to all answers; a text is counted in tokens between spaces, any other answer by its length.
        inputs: texts or lists of words.
        packages: whose versions are reported.
        units: what the inputs count for.
        warmup: inputs that are answered before.
        limit: as in `report`.
    """
    answer(inputs[:warmup])
    start = Stamp()
    answers = answer(inputs)
    end = Stamp()
    if len(answers) != len(inputs):
        raise ValueError(f"answers: {len(answers)} to {len(inputs)} inputs; expected one each")
    tokens = sum(len(each.split()) if isinstance(each, str) else len(each) for each in answers)
    details = {"inputs": len(inputs), "tokens an answer": round(tokens / len(answers), 1)}
    report(start, end, units=units, packages=packages, details=details, limit=limit)


class Clock:
    """Times the training steps of a tool.

    Args:
        steps: after how many steps the process ends.
        warmup: steps at the beginning that are not timed.
        packages: whose versions are reported.

    Attributes:
        parameters: of the model, to be set before the last step.
        limit: as in `report`.
    """

    def __init__(self, *, steps: int, warmup: int, packages: tuple[str, ...]) -> None:
        self.steps, self.warmup, self.packages = steps, warmup, packages
        self.step, self.units, self.sentences = 0, 0, 0
        self.parameters, self.limit = 0, None

    def tick(self, *, units: int, sentences: int) -> None:
        """A step has ended.

        Args:
            units: real targets of the step, or words where a text has one label; no padding.
            sentences: rows of the step.

        Raises:
            SystemExit: it was the last one; the result has been printed.
        """
        now = Stamp()
        self.step += 1
        if self.step <= self.warmup:
            self.start = now
            return
        self.units += units
        self.sentences += sentences
        if self.step == self.steps:
            details = training_details(
                units=self.units,
                sentences=self.sentences,
                steps=self.steps - self.warmup,
                parameters=self.parameters,
            )
            report(self.start, now, units=self.units, packages=self.packages, details=details, limit=self.limit)
            sys.exit(0)
