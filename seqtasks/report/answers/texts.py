"""Texts: the symptoms of a decoder in trouble, and outputs beside their references."""

from seqtasks.metrics.text import BleuParts, bleu_parts
from seqtasks.report import analysis, examples
from seqtasks.report.answers.answers import (
    NUM_EXAMPLES,
    Answers,
    Group,
    by_length,
    by_word_frequency,
    is_picture,
    rows_of,
)
from seqtasks.report.buckets import length_buckets
from seqtasks.report.predictions import TextPrediction
from seqtasks.report.run_files import Run, scored_rows


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
        "parts_of_bleu": _bleu_parts(run),
        "groups": [Group("worst", "Lowest chrF", worst), Group("drawn", "Drawn at random", drawn)],
    }
    figures = by_length(length_buckets(lengths, chrf), title="mean sentence chrF", steps=steps, highest=100)
    figures |= by_word_frequency(run, title="F1 of words in %", split="references")
    return Answers("texts.html.j2", content, figures, values=chrf)


def _bleu_parts(run: Run) -> BleuParts:
    """By the settings of the run's scores."""
    rows = [row for row in scored_rows(run) if isinstance(row, TextPrediction)]
    scores = getattr(run.recipe, "scores", None)
    settings = scores.model_dump() if scores is not None else {}
    return bleu_parts([row.reference for row in rows], [row.prediction for row in rows], **settings)
