"""`seqtasks chat`: a conversation in the terminal."""

from pathlib import Path

import click

from seqtasks.cli.arguments import run_argument
from seqtasks.errors import RunError

_TASKS = ("chat", "translation")


@click.command("chat")
@run_argument
def command(run: Path) -> None:
    """Talk to a model of RUN in the terminal.

    A line in, a reply out, until an empty line or Ctrl-D. Each reply is to the line before it alone.
    """
    from seqtasks.predictor import load

    predictor = load(run)
    if predictor.task.name not in _TASKS:
        raise RunError(
            f"{run}: its task is {predictor.task.name}; expected {' or '.join(_TASKS)}; use seqtasks predict"
        )
    click.echo("Say something; an empty line ends.", err=True)
    while line := _read():
        click.echo(predictor.predict([line])[0])


def _read() -> str:
    try:
        return str(click.prompt(click.style("you", bold=True), default="", show_default=False, err=True)).strip()
    except click.Abort:
        click.echo(err=True)
        return ""
