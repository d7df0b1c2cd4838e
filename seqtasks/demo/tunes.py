"""Tunes in ABC notation as sound: music21 (the extra `music`) reads the notes, numpy plays them.

A note is a fundamental with a few weaker harmonics that die away, which sounds like a plucked string.
"""

import contextlib
import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
"""Samples a second."""
QUARTERS_A_MINUTE = 140
LONGEST = 90.0
"""Seconds that are played of a tune."""
_HARMONICS = ((1, 1.0), (2, 0.5), (3, 0.25), (4, 0.12), (5, 0.06))
_FADE = 3.0
"""Half-lives of a note in a second, about."""


def notes(abc: str) -> list[tuple[float, float, float]]:
    """The notes of a tune.

    Args:
        abc: a whole ABC file of one tune.

    Returns:
        For each its start and length in seconds, and its frequency in Hz; empty where there is no music21, or it cannot
        read the tune.
    """
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            import music21

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                score = music21.converter.parseData(abc, format="abc")
                return [found for part in _repeated(score) for found in _notes(part)]
    except Exception:  # music21 raises whatever a malformed tune leads it to
        return []


def _repeated(score: Any) -> list[Any]:
    """The parts with their repeats played out, where they add up."""
    parts = []
    for part in score.parts or [score]:
        try:
            parts.append(part.expandRepeats())
        except Exception:  # as above
            parts.append(part)
    return parts


def _notes(part: Any) -> list[tuple[float, float, float]]:
    seconds = 60 / QUARTERS_A_MINUTE
    return [
        (float(note.offset) * seconds, float(note.quarterLength) * seconds, float(pitch.frequency))
        for note in part.flatten().notes
        if note.quarterLength > 0
        for pitch in note.pitches
    ]


def sound(played: list[tuple[float, float, float]]) -> NDArray[np.int16]:
    """Notes as samples `(time,)` of 16 bits, `RATE` a second; see `notes`."""
    played = [note for note in played if note[0] < LONGEST]
    end = max((start + length for start, length, _ in played), default=0.0)
    wave = np.zeros(int((min(end, LONGEST) + 0.5) * RATE), np.float32)
    for start, length, frequency in played:
        time = np.arange(int(min(length * 1.2, 4.0) * RATE)) / RATE
        tone = sum(weight * np.sin(2 * np.pi * frequency * harmonic * time) for harmonic, weight in _HARMONICS)
        shape = np.exp(-_FADE * time) * np.minimum(1.0, time / 0.005) * np.minimum(1.0, (time[::-1]) / 0.02)
        place = int(start * RATE)
        room = wave[place : place + len(time)]
        room += (tone * shape)[: len(room)].astype(np.float32)
    loudest = float(np.abs(wave).max(initial=0.0))
    return (wave * (0.8 * 32767 / loudest if loudest else 0.0)).astype(np.int16)
