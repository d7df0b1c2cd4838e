"""Texts of symbols, such as phonemes: which symbol is written for which, counted by edit distance."""

from collections import Counter
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from seqtasks.report import examples
from seqtasks.report.answers.answers import NUM_EXAMPLES, Answers, Group, by_length, rows_of
from seqtasks.report.buckets import length_buckets
from seqtasks.report.predictions import SymbolPrediction
from seqtasks.report.run_files import Run

NUM_SUBSTITUTIONS = 15


@dataclass(frozen=True)
class Spelling:
    """An output beside its closest reference, `distance` edits away, with what differs marked in each."""

    row: SymbolPrediction
    distance: int
    output: list[examples.Piece]
    reference: list[examples.Piece]
    edits: list[tuple[str, str]]

    @property
    def length(self) -> int:
        """Symbols of the reference."""
        return sum(len(piece.text.split()) for piece in self.reference)

    @property
    def rate(self) -> float:
        """Edits a symbol of the reference."""
        return self.distance / max(1, self.length)


def symbol_answers(run: Run) -> Answers:
    """One text of symbols a row."""
    rows = [spelling(row) for row in rows_of(run, SymbolPrediction)]
    wrong = sorted((row for row in rows if row.distance), key=lambda row: -row.rate)
    edits = Counter(edit for row in rows for edit in row.edits)
    uses = Counter(symbol for row in rows for piece in row.reference for symbol in piece.text.split())
    content = {
        "groups": [
            Group("worst", "Most wrong symbols", wrong[:NUM_EXAMPLES]),
            Group("drawn", "Drawn at random", examples.sample(rows, NUM_EXAMPLES)),
        ],
        "substitutions": [(*edit, count, uses[edit[0]]) for edit, count in edits.most_common(NUM_SUBSTITUTIONS)],
        "distances": Counter(min(row.distance, 4) for row in rows),
        "num_rows": len(rows),
    }
    lengths, distances = [row.length for row in rows], [float(row.distance) for row in rows]
    buckets = length_buckets(lengths, distances, out_of=[float(max(1, length)) for length in lengths])
    figures = by_length(buckets, title="symbols wrong, % of the reference's", steps="symbols", scale=100)
    return Answers("symbols.html.j2", content, figures, values=distances)


def spelling(row: SymbolPrediction) -> Spelling:
    """Compare an output with its closest reference. An edit is (right symbol, written symbol), either may be empty."""
    written = row.prediction.split()
    right = min(map(str.split, row.reference), key=lambda text: (Levenshtein.distance(text, written), -len(text)))
    edits, missed, extra = [], set(), set()
    for edit in Levenshtein.editops(right, written):
        if edit.tag != "insert":
            missed.add(edit.src_pos)
        if edit.tag != "delete":
            extra.add(edit.dest_pos)
        source = right[edit.src_pos] if edit.tag != "insert" else ""
        target = written[edit.dest_pos] if edit.tag != "delete" else ""
        edits.append((source, target))
    return Spelling(row, len(edits), _pieces(written, extra), _pieces(right, missed), edits)


def _pieces(symbols: list[str], marked: set[int]) -> list[examples.Piece]:
    return [examples.Piece(symbol, place in marked) for place, symbol in enumerate(symbols)]
