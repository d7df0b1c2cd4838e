"""The measured gradients in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqtasks.gradients.findings import format_norm, sentences, shown_distances, vanished_after
from seqtasks.gradients.measurement import Network


def print_gradients(networks: Sequence[Network], *, max_grad_norm: float | None, console: Console) -> None:
    """Print a table for each stage of training, and what the last one says.

    Args:
        networks: all variants.
        max_grad_norm: where training clips.
        console: where to print.
    """
    stages = list(networks[0].stages)
    for stage in stages:
        console.print(_table(networks, stage))
    for sentence in sentences(networks, stages[-1], max_grad_norm):
        console.print(Text(sentence))


def stage_title(stage: int) -> str:
    """When a stage was measured, by the optimizer steps before it."""
    return f"after {stage} optimizer steps" if stage else "at initialisation"


def _table(networks: Sequence[Network], stage: int) -> Table:
    title = f"gradient norm by steps back, {stage_title(stage)}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("cell", no_wrap=True)
    for distance in shown_distances(networks):
        table.add_column(str(distance), justify="right")
    table.add_column("below 1% after", justify="right")
    for network in networks:
        measured, style = network.stages[stage], "bold green" if network.is_own else ""
        norms = [format_norm(measured.median[distance]) for distance in shown_distances(networks)]
        after = vanished_after(measured)
        cells = [network.variant.name, *norms, "never" if after is None else str(after)]
        table.add_row(*(Text(cell, style) for cell in cells))
    return table
