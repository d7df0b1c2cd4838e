"""`seqtasks evaluate`: score a trained run again, or on other rows."""

from pathlib import Path

import click

from seqtasks.cli.arguments import command_line, json_option, print_json, run_argument


@click.command("evaluate")
@run_argument
@click.argument("further", nargs=-1, metavar="[RUN]... [dataset.KEY=VALUE]...")
@click.option(
    "--output", type=click.Path(path_type=Path), help="A new run directory for predictions, scores and report."
)
@json_option
def command(run: Path, further: tuple[str, ...], output: Path | None, *, as_json: bool) -> None:
    """Score a trained RUN on its test rows, or on others.

    RUN is never changed. dataset.KEY=VALUE names other rows:

    \b
    seqtasks evaluate runs/sentiment dataset.split.test=validation
    seqtasks evaluate runs/sentiment dataset.path=my/folder dataset.columns.text=review

    Several runs, such as those of other seeds, are scored as one model whose probabilities are their mean.
    """
    from rich.console import Console

    from seqtasks.evaluate import evaluate
    from seqtasks.report import print_scores

    others = [Path(argument) for argument in further if Path(argument).is_dir() or "=" not in argument]
    overrides = [argument for argument in further if Path(argument) not in others]
    given = command_line("evaluate", run, *further, *(("--output", output) if output else ()))
    scores, notes = evaluate(run, overrides, others=others, output=output, command=given)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        print_json(scores)
    else:
        print_scores(scores, output / "report.html" if output else None, Console())
