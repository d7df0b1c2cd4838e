"""Runs in processes of their own, which may be killed; the tests compare what is left of them."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

# Every process is forked from one that has imported what takes long, and done nothing else.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["killing", "seqtasks.check", "seqtasks.data.catalog", "torch._dynamo", "sklearn.pipeline", "scipy.stats", "altair"]
)
CLOCK = {"seconds", "tokens_per_second"}


def work(recipe: Path, output: Path, killed_at: str | None = None, count: int = 0) -> None:
    """`seqtasks run --resume` without a word; it kills itself at a moment if asked to."""
    from rich.console import Console

    from seqtasks.recipe import load_recipe
    from seqtasks.run import run
    from seqtasks.training.reporter import Reporter

    _prepare(recipe)
    if killed_at is not None:
        die_at(killed_at, count)
    run(load_recipe(recipe), output, command="seqtasks run", resume=True, reporter=Reporter(Console(quiet=True)))


def command(recipe: Path, output: Path) -> None:
    """The same by the command line, which has its own way with signals."""
    from seqtasks.cli import main

    _prepare(recipe)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        main(["run", str(recipe), "--output", str(output), "--resume"])


def _prepare(recipe: Path) -> None:
    import datasets
    import torch

    import seqtasks.report.page

    torch.set_num_threads(1)
    seqtasks.report.page.vega_bundle = str  # seconds, and always the same
    datasets.config.HF_DATASETS_CACHE = recipe.parent / "cache"
    datasets.disable_progress_bars()


def die_at(moment: str, count: int) -> None:
    """Kill this process at the given call of something, before or after it is done."""
    import seqtasks.run
    from seqtasks.data.tokenization import TextTokenizer
    from seqtasks.training.checkpoint import Checkpoints
    from seqtasks.training.loop import Trainer

    calls = iter(range(count, -1, -1))

    def dying(function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            last = next(calls) == 0
            if last and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*arguments, **named)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    name, _, when = moment.partition(" ")
    owner, attribute = {
        "tokenizer": (TextTokenizer, "fit"),
        "sync": (os, "fsync"),
        "rename": (Path, "replace"),
        "checkpoint": (Checkpoints, "save"),
        "validation": (Trainer, "_scores"),
        "scoring": (seqtasks.run, "score_rows"),
        "report": (seqtasks.run, "write_report"),
    }[name]
    setattr(owner, attribute, dying(getattr(owner, attribute), after=when == "after"))


def start(*arguments: Any, target: Callable[..., None] = work) -> Any:
    """A process that works."""
    process = PROCESSES.Process(target=target, args=arguments)
    process.start()
    return process


def finish(*arguments: Any) -> int:
    """Work to the end; the exit code."""
    process = start(*arguments)
    process.join(120)
    return process.exitcode


def contents(run: Path) -> dict[str, Any]:
    """All files of a run without the clock and the command line; of reports only that they are there."""
    files = {str(path.relative_to(run)): path for path in sorted(run.rglob("*")) if path.is_file()}
    return {name: None if name.startswith("report") else _timeless(path) for name, path in files.items()}


def _timeless(path: Path) -> Any:
    if path.name == "SHA256SUMS":  # some of the files depend on the clock
        return [line.split()[1] for line in path.read_text(encoding="utf-8").splitlines()]
    match path.suffix:
        case ".jsonl":
            lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            return [{key: value for key, value in line.items() if key not in CLOCK} for line in lines]
        case ".json":
            value = json.loads(path.read_text(encoding="utf-8"))
            if path.name == "environment.json":
                del value["started"], value["command"]
            if path.name == "state.json":
                del value["progress"]["seconds"], value["sha256"]
            return value
        case _:
            return path.read_bytes()
