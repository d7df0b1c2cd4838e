"""Texts: the symptoms of a decoder in trouble, and outputs beside their references."""

from collections import defaultdict

from seqtasks.metrics.text import BleuParts, bleu_parts
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
        "parts_of_bleu": _bleu_parts(run, rows),
        "groups": [Group("worst", "Lowest chrF", worst), Group("drawn", "Drawn at random", drawn)],
    }
    buckets = analysis.length_buckets(lengths, chrf)
    figures = by_length(buckets, title="mean sentence chrF", steps=steps, highest=100)
    return Answers("texts.html.j2", content, figures, values=chrf)


def _bleu_parts(run: Run, rows: list[TextPrediction]) -> BleuParts:
    """By the settings of the run's scores; descriptions count once for each set of attributes, as in them."""
    references: defaultdict[object, list[str]] = defaultdict(list)
    answers: dict[object, str] = {}
    for row in rows:
        key = row.input if run.task == "description" else row.index
        references[key] += row.reference
        answers.setdefault(key, row.prediction)
    scores = getattr(run.recipe, "scores", None)
    settings = scores.model_dump() if scores is not None else {}
    return bleu_parts(list(references.values()), list(answers.values()), **settings)
