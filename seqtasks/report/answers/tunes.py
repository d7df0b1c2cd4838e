"""Tunes: sheet music of some that were drawn, and how they differ from real ones."""

import math
from collections import defaultdict
from dataclasses import dataclass

from seqtasks.report.analysis import Diagnostic
from seqtasks.report.answers.answers import Answers, Group, rows_of
from seqtasks.report.examples import sample
from seqtasks.report.predictions import TunePrediction
from seqtasks.report.run_files import Run
from seqtasks.report.sheet_music import is_installed, sheet_music

NUM_TUNES = 6
_USUAL = {"meter": "4/4", "unit": "1/8", "key": "C"}
_FIELDS = {"meter": "M", "unit": "L", "key": "K"}


@dataclass(frozen=True)
class Tune:
    """A drawn tune as a whole ABC file, and its sheet music as a data URI; None: it could not be engraved."""

    row: TunePrediction
    abc: str
    sheet: str | None


def tune_answers(run: Run) -> Answers:
    """One tune a row, drawn for its attributes."""
    rows = rows_of(run, TunePrediction)
    written = [row for row in rows if row.prediction.strip()]
    drawn = [(row, abc_file(row)) for row in sample(written, NUM_TUNES)]
    tunes = [Tune(row, abc, sheet_music(abc)) for row, abc in drawn]
    content = {
        "groups": [Group("drawn", "Drawn at random", tunes)],
        "installed": is_installed(),
        "diagnostics": _diagnostics(rows),
        "styles": _bits_by_attribute(rows),
    }
    return Answers("tunes.html.j2", content)


def abc_file(row: TunePrediction) -> str:
    """A drawn tune with the header that its attributes ask for."""
    fields = _USUAL | dict(_attributes(row))
    header = [f"{letter}:{' '.join(fields[name].split())}" for name, letter in _FIELDS.items()]
    return "\n".join(["X:1", *header, row.prediction.strip()]) + "\n"


def _attributes(row: TunePrediction) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in row.input.split(",")]
    return [(name.strip(), value.strip()) for name, equals, value in pairs if equals]


def _bits_by_attribute(rows: list[TunePrediction]) -> list[tuple[str, int, float]]:
    """Each attribute, the number of tunes that have it, and the bits a character that these cost, the dearest first."""
    groups: defaultdict[str, list[TunePrediction]] = defaultdict(list)
    for row in rows:
        for name, value in _attributes(row):
            groups[f"{name}={value}"].append(row)
    frequent = sorted(groups.items(), key=lambda item: -len(item[1]))[:20]
    table = [(name, len(found), _bits_a_character(found)) for name, found in frequent]
    return sorted(table, key=lambda line: -line[2])


def _bits_a_character(rows: list[TunePrediction]) -> float:
    return sum(row.nats for row in rows) / math.log(2) / sum(len(row.reference[0]) + 1 for row in rows)


def _diagnostics(rows: list[TunePrediction]) -> list[Diagnostic]:
    texts = [row.prediction.strip() for row in rows], [row.reference[0].strip() for row in rows]

    def share(name: str, meaning: str, found: list[list[bool]]) -> Diagnostic:
        return Diagnostic(name, meaning, "0-1", *(sum(column) / len(rows) for column in found))

    return [
        share("empty", "no note at all", [[not tune for tune in tunes] for tunes in texts]),
        share(
            "unfinished",
            "no bar line at the end",
            [[not tune.endswith(("|", "]")) for tune in tunes] for tunes in texts],
        ),
        share(
            "repeats", "a part that is marked to be played again", [[":" in tune for tune in tunes] for tunes in texts]
        ),
        Diagnostic(
            "bars", "bar lines a tune", "bars", *(sum(tune.count("|") for tune in tunes) / len(rows) for tunes in texts)
        ),
        Diagnostic("length", "characters a tune", "characters", *(sum(map(len, tunes)) / len(rows) for tunes in texts)),
        Diagnostic("variety", "distinct tunes among all", "0-1", *(len(set(tunes)) / len(rows) for tunes in texts)),
    ]
