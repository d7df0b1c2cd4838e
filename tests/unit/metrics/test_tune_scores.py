import sys

import pytest

from seqtasks.errors import DataError, SeqtasksError
from seqtasks.metrics.tunes import tune_is_valid, tune_scores

JIG = "DED GED|BAB dBG|DED GED|BGG G3"


@pytest.fixture
def music21():
    pytest.importorskip("music21")


def valid(tune, meter="6/8", key="G", unit="1/8"):
    return tune_is_valid(tune, meter=meter, key=key, unit=unit)


@pytest.mark.usefixtures("music21")
@pytest.mark.parametrize(
    "tune",
    [
        JIG,
        f"{JIG}|]",
        "D|DED GED|BAB dBG|DED GED|BGG G2",  # pick-up and last bar
        "|:D|DED GED|BAB dBG|BGG G2:||:g|gag ged|gag ged|BGG G2:|",  # a pick-up for each part
        "|:D|DED GED|BGG G2:|\n|:gag ged|gag ged|BGG G3:|",  # a repeat goes back to its pick-up
        "DED GED|BGG G3||:g|gag ged|BGG G2:|DED GED|BGG G3|",  # so does that of a later part
        "|:D|DED GED|BAB dBG|1 BGG G2:|2 BGG G3||gag ged|BGG G3|",  # endings
        "DED GED|BAB::dBG|DED GED|BGG G3|",  # a bar around a repeat
        "D{e}ED (3GABE|B>AB {dc}d<BG|{G}D3/2ED/ z3|[BG]GG G3",  # grace notes, triplet, broken rhythm, rest, chord
        "(3{A}GFG D2 z2|BAB dBG|DED GED|BGG G3",  # a grace note within a triplet
        f"{JIG}|\nK:D\n{JIG}|",
    ],
)
def test_tunes_whose_bars_add_up(tune):
    assert valid(tune)


@pytest.mark.usefixtures("music21")
@pytest.mark.parametrize(
    "tune",
    [
        "",
        "DED GED|BAB dBG|BGG G3|",  # three bars
        "z6|z6|z6|z6|z6|",  # nothing sounds
        "DED GED|BAB dBGA|DED GED|BGG G3|",  # one note too many
        "DED GED|BAB dB|DED GED|BGG G3|",  # one too few
        "DEDG DED|BAB dBG|DED GED|BGG G3|",  # an overlong first bar
        "D|DED GED|BAB dBG|BGG G2||gag|gag ged|gag ged|BGG G3|",  # no bar around the double bar line
        "DED GED:BAB dBG:DED GED:BGG G3",  # colons are no bar lines
        f"M:3/4\n{JIG}",
        f"{JIG}|B: this is a field to music21",
        "[BAB dBG|DED GED|BGG G3|DED GED|BGG G3",  # an open chord
        "(99DED GED|BAB dBG|DED GED|BGG G3|",
    ],
)
def test_tunes_that_are_none(tune, capfd):
    assert not valid(tune)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("music21")
def test_meter_and_unit_decide_what_a_full_bar_is():
    tune = "DEFG|ABcd|DEFG|ABcd|"
    assert valid(tune, meter="C", unit="1/4")
    assert valid(tune, meter="C|", unit="1/4")
    assert valid(tune, meter="2/4")
    assert not valid(tune, meter="4/4")
    with pytest.raises(DataError, match='metre "none"'):
        valid(tune, meter="none")


@pytest.mark.usefixtures("music21")
def test_the_share_of_valid_tunes():
    fields = {"meters": ["6/8"] * 4, "keys": ["G", "Ador", "Bb", "F#m"], "units": ["1/8"] * 4}
    (score,) = tune_scores([JIG, JIG, JIG, "A|B"], **fields)
    assert (score.name, score.value, score.support) == ("valid_tunes", 0.75, "4 tunes")
    assert score.low <= 0.75 <= score.high
    with pytest.raises(DataError, match="tune scores"):
        tune_scores([JIG], **fields)


def test_without_music21_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "music21", None)
    with pytest.raises(SeqtasksError, match=r"pip install seqtasks\[music\]"):
        valid(JIG)
