"""`seqtasks runs`: what has been trained."""

from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, print_json


@click.command("runs")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("runs"))
@json_option
def command(folder: Path, *, as_json: bool) -> None:
    """List the runs below FOLDER, which is runs/ if none is given.

    Each with its main score over the test rows, the curve of its validations, its size and age, the newest last.
    """
    from rich.console import Console

    from seqtasks.report.listing import list_runs, print_runs

    runs = list(list_runs(folder))
    if as_json:
        print_json([run.to_dict() for run in runs])
    elif runs:
        print_runs(runs, folder, Console())
    else:
        click.echo(f"no runs below {folder}")
