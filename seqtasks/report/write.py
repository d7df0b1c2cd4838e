"""Writes `report.html` and `report.md` into a run directory."""

import os
from pathlib import Path

from seqtasks.report.html import render_html
from seqtasks.report.markdown import render_markdown
from seqtasks.report.run_files import read_run


def write_report(run_dir: Path) -> Path:
    """Write a run's report from its files.

    Args:
        run_dir: a finished run directory; it gets `report.html` and `report.md`.

    Returns:
        The path of `report.html`.

    Raises:
        RunError: a file of the run is missing or damaged, or the directory has another format version.
    """
    run = read_run(run_dir)
    _write(run_dir / "report.md", render_markdown(run))
    return _write(run_dir / "report.html", render_html(run))


def _write(path: Path, text: str) -> Path:
    # A reader sees the old report or the new one, never half of one.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    return temporary.replace(path)
