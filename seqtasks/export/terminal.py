"""What an export measured, in the terminal."""

from rich import box
from rich.console import Console
from rich.table import Table

from seqtasks.runtime.manifest import Manifest


def print_export(manifest: Manifest, console: Console) -> None:
    """Two tables: how alike the answers are and how large the files, and how long an answer takes."""
    made = manifest.export
    parity, score, megabytes = made["parity"], made["parity"]["score"], made["megabytes"]
    table = Table("", "torch", "onnx", title=f"{manifest.task}, {made['weights']}", box=box.SIMPLE)
    table.add_row(f"{score['name']} ({score['unit']})", f"{score['torch']:.4g}", f"{score['onnx']:.4g}")
    table.add_row("size (MB)", f"{megabytes['torch']:.2f}", f"{megabytes['onnx']:.2f}")
    for each in made["latency"]:
        name = f"{each['what']}, batch of {each['batch_size']} (ms)"
        table.add_row(name, f"{each['torch_ms']:.2f}", f"{each['onnx_ms']:.2f}")
    console.print(table)
    console.print(
        f"{parity['rows']} test rows: {parity['equal_answers']:.2%} equal answers, largest difference "
        f"{parity['largest_difference']:.2g}; median times with threads: {made['threads']}",
        soft_wrap=True,
    )
