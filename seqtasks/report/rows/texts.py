"""Rows with texts: written for another text, for attributes or for a picture, drawn as tunes, or judged."""

import math
from collections.abc import Sequence

import numpy as np

from seqtasks.report.analysis import repeats
from seqtasks.report.answers.answers import is_picture, rows_of
from seqtasks.report.predictions import LikelihoodPrediction, SymbolPrediction, TextPrediction, TunePrediction
from seqtasks.report.rows.view import MAX_ROWS, Order, Row, View, by_length, clip, rounded
from seqtasks.report.run_files import Run


def text_view(run: Run, values: Sequence[float]) -> View:
    """A text a row, with its sentence chrF or, for symbols, with how many are wrong."""
    rows = rows_of(run, TextPrediction)[:MAX_ROWS]
    symbols = any(isinstance(row, SymbolPrediction) for row in rows)
    texts = any(not is_picture(row.input) for row in rows)

    def shown(row: TextPrediction, value: float) -> Row:
        words = row.prediction.split()
        return ({"input": "" if is_picture(row.input) else clip(row.input)} if texts else {}) | {
            "index": row.index,
            "references": list(map(clip, row.reference)),
            "output": clip(row.prediction),
            "value": rounded(value, 1),
            "length": row.length,
            "words": len(words),
            "repeats": int(repeats(words)),
        }

    wrong = [Order("most wrong symbols", "value", -1)]
    chrf = [Order("lowest chrF", "value", 1), Order("highest chrF", "value", -1)]
    written = [Order("shortest output", "words", 1), Order("longest output", "words", -1)]
    outcomes = {"exact": "right", "inexact": "wrong"} if symbols else {"repeating": "repeating themselves"}
    return View(
        form="texts",
        note="wrong symbols: {value}" if symbols else "chrF {value}",
        rows=list(map(shown, rows, values)),
        orders=[*(wrong if symbols else chrf), *by_length(rows, "input"), *written],
        searched=({"input": "inputs"} if texts else {}) | {"references": "references", "output": "outputs"},
        outcomes=outcomes | {"empty": "empty"},
    )


def tune_view(run: Run, values: Sequence[float]) -> View:
    """A tune a row, with what its reference costs."""
    rows = rows_of(run, TunePrediction)[:MAX_ROWS]

    def shown(row: TunePrediction) -> Row:
        return {
            "index": row.index,
            "input": clip(row.input),
            "references": list(map(clip, row.reference)),
            "output": clip(row.prediction),
            "value": rounded(row.nats / math.log(2) / (len(row.reference[0]) + 1)),
            "nats": rounded(row.nats),
            "length": len(row.reference[0]),
        }

    return View(
        form="tunes",
        note="the reference costs {nats} nats, {value} bits a character",
        rows=list(map(shown, rows)),
        orders=[
            Order("most bits a character", "value", -1),
            Order("fewest bits a character", "value", 1),
            Order("most nats", "nats", -1),
            Order("fewest nats", "nats", 1),
            Order("shortest reference", "length", 1),
            Order("longest reference", "length", -1),
        ],
        searched={"input": "attributes", "references": "references", "output": "outputs"},
        outcomes={"empty": "empty"},
    )


def likelihood_view(run: Run, values: Sequence[float]) -> View:
    """A text a row, with its perplexity a token after all texts before it."""
    rows = rows_of(run, LikelihoodPrediction)[:MAX_ROWS]

    def shown(row: LikelihoodPrediction) -> Row:
        with np.errstate(over="ignore"):
            perplexity = float(np.exp(row.prediction / max(1, row.tokens)))
        return {
            "index": row.index,
            "input": clip(row.input),
            "value": rounded(perplexity),
            "nats": rounded(row.prediction),
            "length": row.tokens,
        }

    return View(
        form="likelihoods",
        note="perplexity {value} a token · {nats} nats · {length} tokens",
        rows=list(map(shown, rows)),
        orders=[
            Order("most surprising", "value", -1),
            Order("least surprising", "value", 1),
            Order("most nats", "nats", -1),
            Order("fewest nats", "nats", 1),
            Order("shortest text", "length", 1),
            Order("longest text", "length", -1),
        ],
        searched={"input": "texts"},
    )
