"""`seqtasks compare`: runs side by side, with tests of their differences."""

from pathlib import Path

import click

from seqtasks.cli.arguments import RunPath, command_line

_DEFAULT = Path("compare.html")


@click.command("compare")
@click.argument("runs", type=RunPath(), nargs=-1, required=True, metavar="RUN_A RUN_B [RUN_C]...")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The page, or the directory for it.  [default: compare.html]"
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier page.")
@click.option("--markdown", "form", flag_value="markdown", help="Print tables in Markdown.")
@click.option("--latex", "form", flag_value="latex", help="Print a table for LaTeX (booktabs).")
@click.option("--json", "form", flag_value="json", help="Print everything as JSON.")
def command(runs: tuple[Path, ...], output: Path | None, form: str | None, *, overwrite: bool) -> None:
    """Say whether runs differ, and where.

    Compares test scores with those of RUN_A, the baseline: difference, 95% interval by paired bootstrap, p-values by
    approximate randomisation and paired bootstrap, effect size. With more than two runs p-values are also corrected
    after Holm. Prints tables and writes a page which also shows in which rows a run gains and loses; with --markdown,
    --latex or --json it prints just that, and writes the page only to a named --output.

    Runs whose recipes differ in nothing but train.seed are taken for seeds of one recipe: where there are several,
    their mean and standard deviation (n - 1) are given. The tests remain those of single runs.

    The runs must be of one task, scored on the same test rows in the same way. Only files are read, no model is loaded.
    """
    from seqtasks.errors import RunError

    path = output or (None if form else _DEFAULT)
    if path is not None:
        path = path / _DEFAULT if path.is_dir() else path
        if path.exists() and not overwrite:
            raise RunError(
                f"{path}: is there already; expected a new file; add --overwrite to replace it, "
                "or choose another with --output"
            )
    from rich.console import Console

    from seqtasks.compare import FORMS, compare_runs, print_comparison

    comparison = compare_runs(runs)
    if form is None:
        print_comparison(comparison, Console())
    else:
        click.echo(FORMS[form](comparison), nl=False)
    if path is not None:
        from seqtasks.compare.page import write_page  # charts are slow to import

        path.parent.mkdir(parents=True, exist_ok=True)
        write_page(path, comparison, command=command_line("compare", *runs, "--output", path))
        click.echo(f"page: {path}", err=form is not None)
