"""`seqtasks report`: write a run's report again."""

from pathlib import Path

import click

from seqtasks.cli.arguments import local_run_argument


@click.command("report")
@local_run_argument
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
def command(run: Path, *, in_browser: bool) -> None:
    """Write the report of a RUN again, and print its path."""
    from seqtasks.report import write_report

    path = write_report(run)
    click.echo(path)
    if in_browser:
        click.launch(str(path))
