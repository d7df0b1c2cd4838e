"""`seqtasks export`: a trained run as a folder that answers without torch."""

from dataclasses import asdict
from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, print_json, run_argument


@click.command("export")
@run_argument
@click.option("--format", "_", type=click.Choice(["onnx"]), default="onnx", show_default=True, help="Of the networks.")
@click.option("--int8", is_flag=True, help="Weights of 8 bits: smaller, a little less exact.")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    help="With --int8, by how much the main score may be worse, in its unit.  "
    "[default: 0.01 of scores in 0-1, 1 of BLEU and chrF, 5% of errors]",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder.  [default: RUN/export, with --int8 RUN/export-int8]"
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier export.")
@json_option
def command(
    run: Path, _: str, output: Path | None, *, int8: bool, tolerance: float | None, overwrite: bool, as_json: bool
) -> None:
    """Export a trained RUN to ONNX.

    The folder answers without torch, by onnxruntime, tokenizers and numpy alone:

    \b
    python -c 'import seqtasks.runtime as r; print(r.load("runs/pos/export").predict([["a", "word"]]))'

    The run and its export both answer some hundred test rows; if the answers differ, nothing is written.
    """
    if tolerance is not None and not int8:
        raise click.UsageError("--tolerance is for --int8; without it the answers must be equal")
    if output is None and not run.is_dir():
        raise click.UsageError(f"{run}: no folder here, into which the export could go; name one with --output")
    from rich.console import Console

    from seqtasks.export import export, print_export

    target = output or run / ("export-int8" if int8 else "export")
    manifest = export(run, target, int8=int8, tolerance=tolerance, overwrite=overwrite)
    if as_json:
        print_json({"folder": str(target), **asdict(manifest)})
        return
    console = Console()
    print_export(manifest, console)
    console.print(f"folder: {target}", markup=False, highlight=False, soft_wrap=True)
