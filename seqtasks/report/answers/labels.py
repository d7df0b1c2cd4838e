"""Labels: which are taken for which, how sure the model is, and the most confident errors."""

from seqtasks.report import analysis, examples
from seqtasks.report.answers.answers import (
    NUM_EXAMPLES,
    NUM_RECORDINGS,
    Answers,
    Group,
    by_length,
    is_recording,
    recordings,
    rows_of,
)
from seqtasks.report.buckets import length_buckets
from seqtasks.report.calibration import calibration, confidence_bins, reliability_diagram
from seqtasks.report.charts import score_by_bucket
from seqtasks.report.frequency import by_unknown_words
from seqtasks.report.predictions import LabelPrediction
from seqtasks.report.run_files import Run

NUM_CONFUSIONS = 12


def label_answers(run: Run) -> Answers:
    """One label a row: of a text, a picture or a recording."""
    rows = rows_of(run, LabelPrediction)
    heard = any(is_recording(row.input) for row in rows)
    seen = run.task == "image_classification"
    what, steps = ("recordings", "frames") if heard else ("pictures", "pictures") if seen else ("texts", "tokens")
    size = NUM_RECORDINGS if heard else NUM_EXAMPLES
    groups = [
        Group("worst", "Confident errors", examples.confident_errors(rows, size)),
        Group("drawn", "Drawn at random", examples.sample(rows, size)),
    ]
    pairs = analysis.label_pairs(rows)
    right, total = analysis.right_and_total(rows)
    buckets = length_buckets([row.length for row in rows], right, out_of=total)
    content = {
        "what": what,
        "groups": groups,
        "matrix": analysis.confusion_matrix(pairs),
        "labels": analysis.label_table(rows),
        **calibration(bins := confidence_bins(rows)),
        "confusions": examples.confusions(rows, pairs, NUM_CONFUSIONS),
    }
    figures = by_length(buckets, title=f"% of {what} right", steps=steps, scale=100, highest=100)
    unknown = by_unknown_words(rows, run.frequencies) if run.frequencies is not None else []
    if len(unknown) > 1:
        by = "share of an input's words that no training input has"
        figures["by_unknown"] = score_by_bucket(unknown, title=f"% of {what} right", by=by, scale=100, highest=100)
    figures["calibration"] = reliability_diagram(bins)
    return Answers("labels.html.j2", content, figures | recordings(groups), steps=steps)
