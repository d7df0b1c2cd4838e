"""Writes `report.html` and `report.md` into a run directory."""

from pathlib import Path

from seqtasks.files import write_text
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
    from seqtasks.report.html import render_html  # charts are slow to import, and a run needs them last

    run = read_run(run_dir)
    write_text(run_dir / "report.md", render_markdown(run))
    path = run_dir / "report.html"
    write_text(path, render_html(run))
    return path
