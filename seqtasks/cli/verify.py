"""`seqtasks verify`: what is promised of every run, checked on one."""

import sys
from pathlib import Path

import click

from seqtasks.cli.arguments import local_run_argument


@click.command("verify")
@local_run_argument
@click.option("--rows", default=64, show_default=True, type=click.IntRange(min=1), help="Test rows to answer, at most.")
def command(run: Path, rows: int) -> None:
    """Check that a trained RUN answers the same in every way.

    Batches of any size and order, padding, threads, files, greedy search and a beam of one, streaming, a resumed
    training and the exported networks must agree. What was seen goes to RUN/verify.json and into the report; the exit
    code is 1 if something differs.
    """
    from rich.console import Console

    from seqtasks.verify import print_findings, verify

    console, findings = Console(), []
    with Console(stderr=True).status("verifying") as status:
        for finding in verify(run, rows=rows):
            findings.append(finding)
            status.update(f"verified: {finding.name}")
    if not print_findings(findings, console):
        sys.exit(1)
