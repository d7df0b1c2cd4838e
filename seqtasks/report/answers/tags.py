"""Tags: which are taken for which, words never seen in training, and the sequences with the most errors."""

from collections import Counter
from itertools import chain

from seqtasks.report import analysis, examples
from seqtasks.report.answers.answers import (
    NUM_EXAMPLES,
    NUM_RECORDINGS,
    Answers,
    Group,
    by_length,
    by_word_frequency,
    is_recording,
    recordings,
    rows_of,
)
from seqtasks.report.answers.labels import NUM_CONFUSIONS
from seqtasks.report.buckets import length_buckets
from seqtasks.report.calibration import calibration, confidence_bins, reliability_diagram
from seqtasks.report.frame_charts import tag_strips
from seqtasks.report.predictions import TagPrediction
from seqtasks.report.run_files import Run
from seqtasks.report.spans import span_counts


def tag_answers(run: Run) -> Answers:
    """One tag a step: of a word or of a frame."""
    rows = rows_of(run, TagPrediction)
    heard = any(is_recording(row.input) for row in rows)
    what, size = ("frames", NUM_RECORDINGS) if heard else ("tokens", NUM_EXAMPLES)
    groups = [
        Group("worst", "Most wrong tags", examples.most_wrong_tags(rows, size)),
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
        "confusions": examples.confusions(rows, pairs, NUM_CONFUSIONS),
        "tag_accuracy": analysis.tag_accuracy(rows),
        "spans": span_counts(rows),
    }
    figures = by_length(buckets, title=f"% of {what} right", steps=what, scale=100, highest=100) | recordings(groups)
    figures |= by_word_frequency(run, title="% of words right")
    if bins := confidence_bins(rows):
        content |= calibration(bins)
        figures["calibration"] = reliability_diagram(bins)
    if heard:
        tags = Counter(chain.from_iterable((*row.reference, *row.prediction) for row in rows))
        order = [tag for tag, _ in tags.most_common()]
        figures |= {
            f"{group.name}-{row.index}-tags": tag_strips(row.reference, row.prediction, order)
            for group in groups
            for row in group.rows
            if row.reference  # a recording without frames has no strips
        }
    return Answers("tags.html.j2", content, figures, steps=what)
