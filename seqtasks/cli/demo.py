"""`seqtasks demo`: a page on which a trained model is tried out."""

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import click

from seqtasks.cli.arguments import run_argument


@click.command("demo")
@run_argument
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Of this machine.  [default: the first free one from 7860 on]"
)
@click.option("--open/--no-open", "opens", default=True, show_default=True, help="Open it in a browser.")
def command(run: Path, port: int | None, *, opens: bool) -> None:
    """Try a model of RUN out on a page in the browser.

    One types, draws from the test rows or uploads, and sees the answer with what led to it. The page is served on this
    machine alone, and asks the network for nothing. Ctrl-C ends it.
    """
    from seqtasks.errors import RunError

    if find_spec("gradio") is None:
        raise RunError("demo: gradio is not installed; expected it, as it draws the page; pip install 'seqtasks[demo]'")
    from seqtasks.demo import build_page, serve
    from seqtasks.demo.server import wait

    # Ctrl-C is how a page is closed; before it was open, it is an interruption.
    with serve(build_page(run), port=port) as address, suppress(KeyboardInterrupt):
        click.echo(f"page: {address} (Ctrl-C ends it)")
        if opens:
            click.launch(address)
        wait()
