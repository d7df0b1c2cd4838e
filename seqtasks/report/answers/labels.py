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
from seqtasks.report.calibration import calibration_error, confidence_bins, reliability_diagram
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
    buckets = analysis.length_buckets([row.length for row in rows], right, out_of=total)
    content = {
        "what": what,
        "groups": groups,
        "matrix": analysis.confusion_matrix(pairs),
        "labels": analysis.label_table(rows),
        "calibration_error": calibration_error(bins := confidence_bins(rows)),
        "surer": sum(each.rows * (each.confidence - each.accuracy) for each in bins) > 0,
        "confusions": examples.confusions(rows, pairs, NUM_CONFUSIONS),
    }
    figures = by_length(buckets, title=f"% of {what} right", steps=steps, scale=100, highest=100)
    figures["calibration"] = reliability_diagram(bins)
    return Answers("labels.html.j2", content, figures | recordings(groups), steps=steps)
