"""All checks of a run, one after the other."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from seqtasks.check.sample import with_longest
from seqtasks.files import write_json
from seqtasks.lock import locked
from seqtasks.predictor import load
from seqtasks.report import write_report
from seqtasks.tasks.rows import load_test_rows
from seqtasks.verify.answers import Sample, check_answers
from seqtasks.verify.decoding import check_beam, check_streaming
from seqtasks.verify.exporting import check_export
from seqtasks.verify.files import check_files
from seqtasks.verify.finding import Finding
from seqtasks.verify.resuming import check_resuming

ROWS = 64
"""Test rows that are answered, at most: evenly spaced ones and the longest."""


def verify(run: Path, *, rows: int = ROWS) -> Iterator[Finding]:
    """Check a run; each finding is yielded when it is made, and all are stored as `verify.json` and in the report.

    Args:
        run: the run directory.
        rows: test rows that are answered, at most, beside the longest.

    Raises:
        SeqtasksError: the run or its test rows cannot be loaded.
    """
    with locked(run):
        findings = []
        for finding in _findings(run, rows):
            findings.append(finding)
            yield finding
        write_json(run / "verify.json", [asdict(finding) for finding in findings])
        write_report(run)


def _findings(run: Path, count: int) -> Iterator[Finding]:
    predictor = load(run)
    task = predictor.task
    rows = with_longest(load_test_rows(type(task), task.recipe), count)
    inputs = task.encode_inputs(list(rows[task.reader.role]))
    sample = Sample(task, predictor.model, task.encode(rows), inputs)
    budget = 4 * task.recipe.train.tokens_per_batch
    yield from check_answers(sample, budget)
    yield check_beam(sample, budget)
    yield check_streaming(predictor, rows)
    yield check_files(sample)
    yield check_resuming(run, task.recipe)
    yield check_export(run)
