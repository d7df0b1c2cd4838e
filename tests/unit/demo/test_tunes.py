"""Tunes as sound: the notes of a tune, and samples that have their pitch."""

import numpy as np
import pytest
from report_runs import TUNE

from seqtasks.demo.kinds.music import abc_file
from seqtasks.demo.tunes import QUARTERS_A_MINUTE, RATE, notes, sound

pytest.importorskip("music21")
QUARTER = 60 / QUARTERS_A_MINUTE


def test_notes_have_their_place_length_and_pitch():
    found = notes(abc_file(["meter=4/4", "unit=1/4", "key=C"], "A2 z C' |"))
    expected = [[0, 2 * QUARTER, 440.0], [3 * QUARTER, QUARTER, 523.25]]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_repeats_are_played():
    once, twice = (notes(abc_file(["meter=6/8", "key=D"], tune)) for tune in (TUNE.strip(":|") + "|", TUNE))
    assert len(twice) == 2 * len(once) > 0


@pytest.mark.parametrize("tune", ["", "|", "%%", "[[[", "K:Q\nAAA", "ξ" * 50])
def test_what_is_no_tune_is_silent_or_short(tune):
    assert isinstance(notes(abc_file([], tune)), list)


def test_samples_have_the_pitch_of_their_note():
    samples = sound([(0.0, 1.0, 440.0)])
    assert samples.dtype == np.int16
    assert np.abs(samples).max() == pytest.approx(0.8 * 32767, rel=0.01)
    spectrum = np.abs(np.fft.rfft(samples[: RATE // 2]))
    assert np.fft.rfftfreq(RATE // 2, 1 / RATE)[spectrum.argmax()] == pytest.approx(440, abs=3)
    assert not sound([]).any()
