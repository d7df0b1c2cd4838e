"""How soon `seqtasks` answers: help, a mistake in a recipe, the first training step. Medians of several processes.

    python benchmarks/startup.py --rounds 5

The data of the recipe must be in the cache; a first round that is not counted sees to that, and to compiled modules.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

RECIPE = Path(__file__).parents[1] / "recipes" / "sentiment.yaml"
COMMAND = [sys.executable, "-m", "seqtasks"]
POLL_SECONDS = 0.005

Seconds = tuple[float, float]
"""Of the clock, and of the processor."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured: dict[str, Callable[[], Seconds]] = {
            "seqtasks --help": lambda: whole(["--help"]),
            "a mistake in a recipe": lambda: whole(["run", str(RECIPE), "train.epoch=1"]),
            "first step of sentiment": lambda: first_step(folder / "run"),
        }
        print(f"{'':<26}{'wall s':>9}{'CPU s':>9}")
        for title, measure in measured.items():
            wall, cpu = zip(*[measure() for _ in range(1 + rounds)][1:], strict=True)
            print(f"{title:<26}{statistics.median(wall):9.2f}{statistics.median(cpu):9.2f}", flush=True)


def whole(arguments: list[str]) -> Seconds:
    """From the start of a command to its end."""
    return watch(arguments, lambda process: process.poll() is not None)


def first_step(output: Path) -> Seconds:
    """From the start of a run to the line that its first training step leaves in the log; the run is then stopped."""
    log = output / "log.jsonl"
    log.unlink(missing_ok=True)
    arguments = ["run", str(RECIPE), "train.logging_steps=1", "--output", str(output), "--overwrite"]
    return watch(arguments, lambda _: log.exists() and '"train"' in log.read_text(encoding="utf-8"))


def watch(arguments: list[str], reached: Callable[[subprocess.Popen[bytes]], bool]) -> Seconds:
    """Run a command until a point is reached."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cpu = 0.0
    while not reached(process):
        if process.poll() is not None:
            raise SystemExit(f"{' '.join(arguments)}: ended with {process.returncode} before it got there")
        cpu = _processor(process.pid, cpu)
        time.sleep(POLL_SECONDS)
    wall, cpu = time.perf_counter() - start, _processor(process.pid, cpu)
    process.kill()
    process.wait()
    return wall, cpu


def _processor(pid: int, before: float) -> float:
    """Seconds of the processor that a process has used; `before` if it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return before
    return max(before, times.user + times.system)


if __name__ == "__main__":
    main()
