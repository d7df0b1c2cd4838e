"""Runs contestants in turns and compares them: the one place that starts processes and writes tables.

Round 1: A, B, C; round 2: A, B, C. So a machine that slows down slows all of them, and each round is a comparison of
its own; the ratio is the median of the rounds' ratios. Each contestant is a script in `peers/`, run by the Python of
its own virtual environment (`peers/setup.sh`), on as many cores as it may have threads.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peers.clock import RESULT

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
REFERENCE = "seqtasks"
"""The contestant that the others are compared with."""


@dataclass(frozen=True)
class Contestant:
    """One line of the table.

    Attributes:
        name: as the table has it.
        script: a file in `peers/`.
        environment: a folder in `peers/.envs`; None: the environment that runs this.
        spec: what the script is told, as JSON.
        variables: of the environment, beside those that set the number of threads.
        model: what it trains; contestants with the same model have the same limit.
    """

    name: str
    script: str
    environment: str | None = None
    spec: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    model: str | None = None

    @property
    def python(self) -> Path:
        """The interpreter."""
        return Path(sys.executable) if self.environment is None else _environment(self.environment) / "bin" / "python"


def _environment(name: str) -> Path:
    return HERE / "peers" / ".envs" / name


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that all benchmarks have."""
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="of every contestant, and the cores that it may use")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="contestants whose name contains one of these")
    parser.add_argument("--output", type=Path, help="also write everything measured as JSON")


def compete(contestants: Sequence[Contestant], arguments: argparse.Namespace, *, unit: str, title: str) -> None:
    """Run the contestants in turns, print the table, write the JSON file.

    Args:
        contestants: in the order of the table.
        arguments: what `add_arguments` has added.
        unit: what is counted, for the head of the table.
        title: of the table.
    """
    chosen = [each for each in contestants if _is_chosen(each.name, arguments.only)]
    measured: dict[str, list[dict[str, Any]]] = {each.name: [] for each in chosen}
    for number in range(arguments.rounds):
        for contestant in chosen:
            result = _measure(contestant, threads=arguments.threads, seed=number)
            if result is not None:
                measured[contestant.name].append({"round": number, **result})
                rate = result["units"] / result["seconds"]
                print(f"round {number + 1}: {contestant.name}: {rate:,.0f} {unit}/s", file=sys.stderr, flush=True)
    if not any(measured.values()):
        sys.exit("nothing was measured")
    print(table(chosen, measured, unit=unit, title=f"{title}; {arguments.threads} thread(s)"))
    if arguments.output:
        content = {"title": title, "unit": unit, "threads": arguments.threads, "contestants": measured}
        arguments.output.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def table(
    contestants: Sequence[Contestant], measured: dict[str, list[dict[str, Any]]], *, unit: str, title: str
) -> str:
    """The results as a Markdown table; contestants without results and empty columns are left out."""
    limits = {
        (each.model, result["round"]): result["limit"]
        for each in contestants
        for result in measured[each.name]
        if result["limit"]
    }
    reference = measured.get(REFERENCE, [])
    present = [each for each in contestants if measured[each.name]]
    rows = [_row(each, measured[each.name], reference, limits, unit=unit) for each in present]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if any(row.get(name) for row in rows)]
    lines = [columns, ["---"] * len(columns), *([row.get(name, "") for name in columns] for row in rows)]
    return f"\n{title}\n\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _row(
    contestant: Contestant,
    results: Sequence[dict[str, Any]],
    reference: Sequence[dict[str, Any]],
    limits: dict[tuple[str | None, int], float],
    *,
    unit: str,
) -> dict[str, str]:
    rates, busy, last = _rates(results, "seconds"), _rates(results, "processor_seconds"), results[-1]
    limit = {number: value for (model, number), value in limits.items() if model == contestant.model}
    return {
        "contestant": contestant.name,
        f"{unit}/s, median": f"{statistics.median(rates.values()):,.0f}",
        "min-max": f"{min(rates.values()):,.0f}-{max(rates.values()):,.0f}",
        f"to {REFERENCE}": _ratio(rates, _rates(reference, "seconds"), "{:.2f}"),
        "a processor second": f"{statistics.median(busy.values()):,.0f}",
        f"to {REFERENCE}, so": _ratio(busy, _rates(reference, "processor_seconds"), "{:.2f}"),
        "share of the limit": _ratio(rates, limit, "{:.0%}"),
        **{name: str(value) for name, value in last["details"].items()},
        "versions": ", ".join(f"{package} {version}" for package, version in last["versions"].items()),
    }


def _rates(results: Sequence[dict[str, Any]], clock: str) -> dict[int, float]:
    return {result["round"]: result["units"] / result[clock] for result in results}


def _ratio(rates: dict[int, float], reference: dict[int, float], form: str) -> str:
    """The median of the rounds' ratios; empty where there is nothing to compare with."""
    ratios = [rate / reference[number] for number, rate in rates.items() if number in reference]
    return form.format(statistics.median(ratios)) if ratios else ""


def _is_chosen(name: str, only: Sequence[str] | None) -> bool:
    return only is None or name == REFERENCE or any(part.lower() in name.lower() for part in only)


def _measure(contestant: Contestant, *, threads: int, seed: int) -> dict[str, Any] | None:
    """One turn of a contestant; None, with the reason on standard error, if it failed."""
    if not contestant.python.exists():
        print(f"{contestant.name}: not installed: benchmarks/peers/setup.sh {contestant.environment}", file=sys.stderr)
        return None
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS")
    variables = {**os.environ, **dict.fromkeys(names, str(threads)), "TOKENIZERS_PARALLELISM": "false"}
    command = [
        contestant.python,
        HERE / "peers" / contestant.script,
        json.dumps({"seed": seed, "threads": threads, **contestant.spec}),
    ]
    if contestant.environment is None:
        # What lies here is measured, and what `datasets` caches goes with the data.
        variables |= {"PYTHONPATH": str(REPOSITORY), "HF_DATASETS_CACHE": f"{contestant.spec['data']}/cache"}
    done = subprocess.run(
        [str(part) for part in command],
        env={**variables, **contestant.variables},
        cwd=contestant.spec["data"],
        preexec_fn=lambda: _pin(threads),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        if line.startswith(RESULT):
            return json.loads(line.removeprefix(RESULT))
    print(f"{contestant.name}: failed\n{done.stdout[-3000:]}", file=sys.stderr)
    return None


def _pin(threads: int) -> None:
    """Give this process the first cores only, so that worker processes are no extra threads."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
