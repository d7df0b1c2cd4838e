"""Which cell still remembers at which distance: the recipe `memory` with each cell and length, as a table.

    python benchmarks/memory.py --steps 600 --output docs/memory.md

Every run is an ordinary `seqtasks run` with another cell, length and number of steps; runs that exist are not
repeated. The score is the mean squared error on the test rows, where the mean of the training rows gets about 0.17;
below 0.01 the problem counts as solved, as in Arjovsky, Shah and Bengio 2016 (arXiv:1511.06464) and others.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CELLS = {
    "rnn_tanh": (),
    "rnn_relu": (),
    "rnn_relu, identity": ("backbone.cell=rnn_relu", "backbone.initialization=identity"),
    "lstm": (),
    "gru": (),
    "mingru": (),
    "minlstm": (),
}
SOLVED = 0.01


def main() -> None:
    """Run what is missing and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=600, help="optimizer steps of each run")
    parser.add_argument("--lengths", type=int, nargs="+", choices=(50, 200, 1000), default=(50, 200, 1000))
    parser.add_argument("--runs", type=Path, default=Path("runs/memory"), help="where the run directories lie")
    parser.add_argument("--output", type=Path, default=Path("docs/memory.md"))
    arguments = parser.parse_args()
    rows = []
    for cell in CELLS:
        runs = [_run(cell, length, arguments.steps, arguments.runs) for length in arguments.lengths]
        rows.append(f"| {cell} | {' | '.join(map(_cell, runs))} |")
    arguments.output.write_text(_page(rows, arguments.steps, arguments.lengths), encoding="utf-8")
    print(f"wrote {arguments.output}")


def _run(cell: str, length: int, steps: int, folder: Path) -> Path:
    """A finished run, or one that has diverged and left its log."""
    path = folder / f"{cell.replace(', ', '-')}-{length}"
    if not (path / "scores.json").exists():
        settings = CELLS[cell] or (f"backbone.cell={cell}",)
        command = [sys.executable, "-m", "seqtasks", "run", "memory", f"dataset.name='{length}'", *settings]
        command += [f"train.max_steps={steps}", f"train.eval_steps={steps}", "--output", str(path), "--overwrite"]
        print(" ".join(command[1:]), flush=True)
        subprocess.run(command, check=False)
    return path


def _cell(path: Path) -> str:
    if not (path / "scores.json").exists():
        return "diverged"
    scores = json.loads((path / "scores.json").read_text(encoding="utf-8"))["test"]["scores"]
    error = next(score["value"] for score in scores if score["name"] == "mse")
    return f"**{error:.4f}**" if error < SOLVED else f"{error:.4f}"


def _page(rows: list[str], steps: int, lengths: Sequence[int]) -> str:
    return f"""# Which cell still remembers

Written by `python benchmarks/memory.py --steps {steps} --lengths {" ".join(map(str, lengths))}`; not by hand.

The adding problem (Hochreiter and Schmidhuber 1997): of a sequence of numbers two are marked, one in each half; the
answer is their sum, so the first one must be kept over half the sequence or more. The recipe is `memory`: two layers of
64 units, {steps} optimizer steps, 10,000 frames a batch, seed 0. Mean squared error on 1,000 test sequences; the mean
of the training rows gets about 0.17; below {SOLVED} (bold) the problem is solved. One run each, so small differences
mean nothing; with more steps, more of them may solve it.

| cell | {" | ".join(f"length {length:,}" for length in lengths)} |
|---|{"---|" * len(lengths)}
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    main()
