"""`seqtasks verify`: what is promised of every run, checked on one."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, local_run_argument, print_json


@click.command("verify")
@local_run_argument
@click.option("--rows", default=64, show_default=True, type=click.IntRange(min=1), help="Test rows to answer, at most.")
@json_option
def command(run: Path, rows: int, *, as_json: bool) -> None:
    """Check that a trained RUN answers the same in every way.

    Batches of any size and order, padding, threads, files, greedy search and a beam of one, streaming, a resumed
    training and the exported networks must agree. What was seen goes to RUN/verify.json and into the report; the exit
    code is 1 if something differs.
    """
    from rich.console import Console

    from seqtasks.verify import print_findings, verify

    findings = []
    with Console(stderr=True).status("verifying") as status:
        for finding in verify(run, rows=rows):
            findings.append(finding)
            status.update(f"verified: {finding.name}")
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        print_findings(findings, Console())
    if any(finding.outcome == "different" for finding in findings):
        sys.exit(1)
