"""Whether tunes in ABC notation can be read, and whether their bars add up.

music21 reads the notes and how long they last; it comes with the extra `music` and is imported on first use. The
notation: The abc music standard 2.1.
"""

import contextlib
import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from seqtasks.errors import DataError, SeqtasksError
from seqtasks.metrics.bootstrap import ScoreStatistics
from seqtasks.metrics.counts import check_rows, share
from seqtasks.metrics.score import Score

_FEWEST_BARS = 4
_GRACE_NOTES = re.compile(r"\{[^{}]*\}")
_KEY_OR_UNIT = re.compile(r"^[KL]:.*$", re.MULTILINE)
_FIELD = re.compile(r"[A-Zw]:[^|]")  # wherever it stands, music21 passes over the rest of the line


class _Bar(NamedTuple):
    length: Fraction  # in quarter notes
    has_notes: bool
    ends_with: frozenset[str]  # all bar lines up to the next note


def tune_is_valid(tune: str, *, meter: str, key: str, unit: str = "1/8") -> bool:
    """Whether a tune can be read and its bars add up to the metre.

    A bar is the notes and rests between two bar lines; grace notes take no time. The tune is valid if music21's ABC
    parser reads it, at least 4 bars have a note that sounds, no bar is longer than the metre, and every bar that is
    shorter is

    - the first (a pick-up) or the last of the tune, or
    - beside a mark of the form (a double bar line, a repeat, an ending), and complete together with the bar on the
      other side of the mark, as they are played: the next bar, or where a part is repeated its first bar.

    A key or a unit length may change within the tune, on a line of its own; any other field makes the tune invalid.
    The parser is lenient: it passes over signs that it does not know.

    Args:
        tune: what follows the `K:` line; may have several lines.
        meter: the field `M:`, such as `6/8`, `C` or `C|`.
        key: the field `K:`, such as `Gmix`.
        unit: the field `L:`, the length of a note without a number.

    Raises:
        DataError: the metre is not one.
        SeqtasksError: music21 is not installed.
    """
    full = bar_length(meter)
    # Grace notes go first, as music21 counts them among the notes of a triplet. It would take "A::" for a field and
    # miss the repeat in "||:".
    music = _GRACE_NOTES.sub("", tune).replace("::", " :: ").replace("||:", "| |:")
    if _FIELD.search(_KEY_OR_UNIT.sub("", music)):
        return False
    handler = _music21().abcFormat.ABCHandler()
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # music21 remarks on oddities there
            handler.process(f"X:1\nM:{meter}\nL:{unit}\nK:{key}\n{music}")
    except Exception:  # of any kind: malformed tunes trip the parser in many ways
        return False
    bars = _bars(handler.tokens)
    if sum(bar.has_notes for bar in bars) < _FEWEST_BARS:
        return False
    complete = _complete_across_marks(bars, full) | {0, len(bars) - 1}
    return all(bar.length == full or (bar.length < full and place in complete) for place, bar in enumerate(bars))


def tune_scores(
    tunes: Sequence[str],
    *,
    meters: Sequence[str],
    keys: Sequence[str],
    units: Sequence[str],
    intervals: bool = True,
) -> list[Score]:
    """The share of tunes that are valid, as `tune_is_valid` defines it.

    Args:
        tunes: one for each row.
        meters: the field `M:` of each.
        keys: the field `K:` of each.
        units: the field `L:` of each.
        intervals: whether to resample for an interval.

    Returns:
        `valid_tunes`, its interval over tunes.

    Raises:
        DataError: there are no tunes, not as many metres, keys or units, or a metre is not one.
        SeqtasksError: music21 is not installed.
    """
    for fields in (meters, keys, units):
        check_rows("tune scores", references=fields, predictions=tunes)
    rows = zip(tunes, meters, keys, units, strict=True)
    valid = [tune_is_valid(tune, meter=meter, key=key, unit=unit) for tune, meter, key, unit in rows]
    return [
        ScoreStatistics(
            "valid_tunes",
            np.stack([valid, np.ones(len(valid))], axis=1),
            share,
            signature=f"valid:abc, bars add up|bars:{_FEWEST_BARS} or more|unit:tune|music21:{_music21().__version__}",
            support=f"{len(valid):,} tunes",
        ).to_score(intervals=intervals)
    ]


def _bars(tokens: Sequence[Any]) -> list[_Bar]:
    """The bars that have notes or rests."""
    abc = _music21().abcFormat
    bars: list[_Bar] = []
    notes: list[Any] = []
    for token in [*tokens, abc.ABCBar("")]:  # the last bar may end without a bar line
        if isinstance(token, abc.ABCNote):
            notes.append(token)
        elif isinstance(token, abc.ABCBar) and token.src != ":":  # to music21 a lone colon is a bar line
            if notes:
                bars.append(_bar(notes))
                notes = []
            if bars:
                bars[-1] = bars[-1]._replace(ends_with=bars[-1].ends_with | {token.src})
    return bars


def _bar(notes: Sequence[Any]) -> _Bar:
    length = Fraction()
    for note in notes:
        tuplet = note.activeTuplet.tupletMultiplier() if note.activeTuplet else 1
        length += Fraction(note.quarterLength * tuplet).limit_denominator(1024)  # thirds may come as floats
    return _Bar(length, not all(note.isRest for note in notes), frozenset())


def _complete_across_marks(bars: Sequence[_Bar], full: Fraction) -> set[int]:
    """The bars that a mark of the form divides and that are complete together."""
    joins = []
    part = 0  # the bar that a repeat goes back to
    for place, bar in enumerate(bars):
        if ":|" in bar.ends_with:
            joins.append((place, part))
        if bar.ends_with != {"|"}:
            joins.append((place, place + 1))
        if "|:" in bar.ends_with or (":|" in bar.ends_with and not bar.ends_with & {"[1", "[2"}):
            part = place + 1
    bounded = [(left, right) for left, right in joins if right < len(bars)]
    return {place for join in bounded if sum(bars[place].length for place in join) == full for place in join}


def bar_length(meter: str) -> Fraction:
    """The length of a full bar in quarter notes.

    Args:
        meter: such as `6/8`, `C` or `C|`.

    Raises:
        DataError: it is not one.
    """
    beats, _, beat = {"C": "4/4", "C|": "2/2"}.get(meter, meter).partition("/")
    if not (beats.isdecimal() and beat.isdecimal() and int(beats) and int(beat)):
        raise DataError(f'tune scores: the metre "{meter}" was given; one like 6/8, C or C| was expected; mend the row')
    return Fraction(4 * int(beats), int(beat))


def _music21() -> Any:
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            import music21
    except ImportError as error:
        raise SeqtasksError(
            "tune scores: music21 is not installed; it reads the tunes; run: pip install seqtasks[music]"
        ) from error
    return music21
