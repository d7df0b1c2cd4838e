"""How loading, fitting, encoding and batching grow with the data: time and memory of each stage, as a table.

    python benchmarks/data_scale.py --pairs 1000000 --epochs 5

Pairs are two texts of `catalog/homeassistant` joined, every pair another one, written as Parquet files in the Hub's
layout and read by the recipe `translate`. Each measurement has a process of its own, so its peak is its own; memory is
counted above what the imports take, and includes the pages of memory-mapped files.

A busy machine says little in seconds, so the processor's are counted too: "2 cores" is what two free ones would need,
the main thread's seconds and half of those of all others.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

RECIPE = Path(__file__).parents[1] / "recipes" / "translate.yaml"
PARTS = 4
"""Parquet files of the training split."""

SMALL_SPLIT = 2_000
"""Pairs for validation, and for test."""

Result = TypeVar("Result")


def main() -> None:
    """Write the pairs, then measure, each in a fresh process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000_000, help="training pairs")
    parser.add_argument("--epochs", type=int, default=5, help="epochs that are ordered and collated")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.write:
        write_pairs(arguments.write, arguments.pairs)
    elif arguments.measure:
        measure(arguments.measure, arguments.epochs)
    else:
        with tempfile.TemporaryDirectory() as folder:
            for stage in ("--write", "--measure"):
                options = [stage, folder, "--pairs", str(arguments.pairs), "--epochs", str(arguments.epochs)]
                subprocess.run([sys.executable, __file__, *options], check=True)


def write_pairs(folder: Path, pairs: int) -> None:
    """A data set of this many training pairs, no two equal."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from seqtasks.data import catalog

    table = catalog.load("homeassistant", "fr")["train"].with_format("arrow")[:]
    (folder / "data").mkdir()

    def write(name: str, first: int, count: int) -> None:
        numbers = np.arange(first, first + count)
        places = (numbers % len(table), (numbers * 7919 + numbers // len(table)) % len(table))
        columns = {
            side: pc.binary_join_element_wise(*(table[side].combine_chunks().take(pa.array(p)) for p in places), " ")
            for side in ("source", "target")
        }
        pq.write_table(pa.table(columns), folder / "data" / f"{name}.parquet", row_group_size=10_000)

    sizes = [pairs // PARTS + (part < pairs % PARTS) for part in range(PARTS)]
    for part, size in enumerate(sizes):
        write(f"train-{part:05}-of-{PARTS:05}", sum(sizes[:part]), size)
    write("validation-00000-of-00001", pairs, SMALL_SPLIT)
    write("test-00000-of-00001", pairs + SMALL_SPLIT, SMALL_SPLIT)


def measure(folder: Path, epochs: int) -> None:
    """What a run does with the data before and while it trains, stage by stage."""
    import datasets

    from seqtasks.recipe import load_recipe
    from seqtasks.run import describe_data
    from seqtasks.tasks import task_class
    from seqtasks.tasks.rows import load_rows

    datasets.config.HF_DATASETS_CACHE = folder / "cache"
    recipe = load_recipe(RECIPE, [f"dataset.path={folder}", "dataset.name=null"])
    table = Table()
    rows, card = table.row("load", lambda: load_rows(task_class(recipe), recipe))
    sentences = 2 * len(rows["train"])
    task = table.row("fit", lambda: task_class(recipe).fit(recipe, rows["train"]), sentences)
    train = table.row("encode", lambda: task.encode(rows["train"], training=True), sentences)
    examples = {name: task.encode(split) for name, split in rows.items() if name != "train"} | {"train": train}
    model = task.build()
    table.row("describe", lambda: describe_data(task, model, rows, examples, card=card), sentences)
    table.row("first batch", lambda: task.collate(train, task.training_batches(train, 0)[0]))

    def epoch(number: int) -> None:
        for batch in task.training_batches(train, number):
            task.collate(train, batch)

    for number in range(epochs):
        table.row(f"epoch {number}", lambda: epoch(number), sentences)  # noqa: B023  (called at once)


class Table:
    """Prints a line for each stage; what is in memory now counts as nothing."""

    def __init__(self) -> None:
        self._before = _resident()
        print(f"imports: {self._before / 1e6:,.0f} MB")
        print(f"{'stage':<12}{'wall s':>9}{'CPU s':>9}{'2 cores s':>11}{'sentences/s':>13}{'now MB':>9}{'peak MB':>9}")

    def row(self, name: str, stage: Callable[[], Result], sentences: int = 0) -> Result:
        """Run a stage and print its line; sentences are counted per second of two free cores."""
        before = (time.perf_counter(), time.process_time(), time.thread_time())
        result = stage()
        after = (time.perf_counter(), time.process_time(), time.thread_time())
        wall, cpu, own = (end - start for start, end in zip(before, after, strict=True))
        cores = own + (cpu - own) / 2
        rate = f"{sentences / cores:,.0f}" if sentences else ""
        now, peak = (_megabytes(size - self._before) for size in (_resident(), _peak()))
        print(f"{name:<12}{wall:9.2f}{cpu:9.2f}{cores:11.2f}{rate:>13}{now:>9}{peak:>9}", flush=True)
        return result


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f}"


def _resident() -> int:
    import psutil

    return psutil.Process().memory_info().rss


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    main()
