"""`seqtasks report`: write a run's report again."""

from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, local_run_argument, print_json


@click.command("report")
@local_run_argument
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
@json_option
def command(run: Path, *, in_browser: bool, as_json: bool) -> None:
    """Write the report of a RUN again, and print its path."""
    from seqtasks.report import write_report

    path = write_report(run)
    if as_json:
        print_json({"html": str(path), "markdown": str(path.with_suffix(".md"))})
    else:
        click.echo(path)
    if in_browser:
        click.launch(str(path))
