"""How fast each cell trains, by length of the sequences: forward and backward of one layer, to torch's GRU.

    python benchmarks/cells.py
    python benchmarks/cells.py --device cuda --lengths 400 4000 --batch-tokens 64000

The contestants take turns within each round; the figure is the median of the rounds' tokens a second, and the ratio the
median of the rounds' ratios.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from seqtasks.backbone.cells import CELLS, recurrent_layer

REFERENCE = "nn.GRU"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[25, 400, 4000])
    parser.add_argument("--size", type=int, default=256, help="features of a step, and units")
    parser.add_argument("--batch-tokens", type=int, default=8000, help="steps of a batch, all rows together")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    where = torch.cuda.get_device_name() if arguments.device == "cuda" else f"{arguments.threads} threads"
    table = Table(title=f"training one layer of {arguments.size}: torch {torch.__version__}, {where}")
    for heading in ("length", "rows", "cell", "tokens/s", "min - max", f"to {REFERENCE}"):
        table.add_column(heading, justify="left" if heading == "cell" else "right")
    for length in arguments.lengths:
        rows = max(1, arguments.batch_tokens // length)
        speeds = _speeds(length, rows, arguments.size, arguments.rounds, arguments.device)
        for name, found in speeds.items():
            ratio = statistics.median(one / other for one, other in zip(found, speeds[REFERENCE], strict=True))
            spread = f"{min(found):,.0f} - {max(found):,.0f}"
            median = f"{statistics.median(found):,.0f}"
            table.add_row(f"{length:,}", f"{rows:,}", name, median, spread, f"{ratio:.2f}")
        table.add_section()
    Console().print(table)


def _speeds(length: int, rows: int, size: int, rounds: int, device: str) -> dict[str, list[float]]:
    """Tokens a second of each contestant in each round."""
    layers: dict[str, nn.Module] = {REFERENCE: nn.GRU(size, size, batch_first=True)}
    layers |= {cell: recurrent_layer(cell, size, size) for cell in CELLS}
    inputs = torch.randn(rows, length, size, device=device, requires_grad=True)
    steps = {name: _step(layer.to(device), inputs) for name, layer in layers.items()}
    for step in steps.values():
        step()
    speeds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            speeds[name].append(rows * length / (time.perf_counter() - started))
    return speeds


def _step(layer: nn.Module, inputs: torch.Tensor) -> Callable[[], None]:
    def step() -> None:
        states, _ = layer(inputs)
        states.sum().backward()
        if inputs.device.type == "cuda":
            torch.cuda.synchronize()

    return step


if __name__ == "__main__":
    main()
