"""Texts: the symptoms of a decoder in trouble, and outputs beside their references."""

from seqtasks.report import analysis, examples
from seqtasks.report.answers.answers import NUM_EXAMPLES, Answers, Group, by_length, is_picture, rows_of
from seqtasks.report.predictions import TextPrediction
from seqtasks.report.run_files import Run


def text_answers(run: Run) -> Answers:
    """One text a row: for another text, for attributes or for a picture."""
    rows = rows_of(run, TextPrediction)
    chrf = analysis.sentence_scores(rows)
    worst, drawn = examples.text_examples(rows, chrf, NUM_EXAMPLES)
    lengths, of, steps = [row.length for row in rows], "input", "tokens"
    if len(set(lengths)) == 1:  # pictures and attributes have no length of their own
        lengths, of, steps = [len(row.reference[0].split()) for row in rows], "reference", "words"
    seen = any(is_picture(row.input) for row in rows)
    content = {
        "seen": seen,
        "length_of": of,
        "diagnostics": analysis.text_diagnostics(rows, with_source=run.task != "captioning"),
        "groups": [Group("worst", "Lowest chrF", worst), Group("drawn", "Drawn at random", drawn)],
    }
    buckets = analysis.length_buckets(lengths, chrf)
    return Answers("texts.html.j2", content, by_length(buckets, title="mean sentence chrF", steps=steps, highest=100))
