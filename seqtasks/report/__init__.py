"""The report: from a run directory to the terminal, Markdown and one HTML page that opens offline.

    run_files -> records, predictions -> analysis, examples, charts -> answers, headline -> html | markdown | terminal

It reads files only, never a model, so a report can be written again anywhere, long after the run.
"""

from seqtasks.report.terminal import print_scores
from seqtasks.report.write import write_report

__all__ = ["print_scores", "write_report"]
