import pytest

from seqtasks.report.calibration import calibration_error, confidence_bins
from seqtasks.report.predictions import LabelPrediction


def row(probability: float, right: bool) -> LabelPrediction:
    return LabelPrediction(
        index=0, input="", reference="a", prediction="a" if right else "b", probability=probability, length=1
    )


def test_the_error_by_hand():
    """Two bins: 3 rows at 0.95 of which 2 are right, 1 row at 0.55 that is right."""
    bins = confidence_bins([row(0.95, True), row(0.95, True), row(0.95, False), row(0.55, True)])
    assert [(each.low, each.high, each.answers) for each in bins] == [(0.5, 0.6, 1), (0.9, 1.0, 3)]
    assert calibration_error(bins) == pytest.approx(3 / 4 * (0.95 - 2 / 3) + 1 / 4 * (1 - 0.55))


def test_intervals_against_statsmodels_figures():
    """Wilson's interval of 8 right among 10: 0.4902 to 0.9433."""
    (found,) = confidence_bins([row(0.85, index < 8) for index in range(10)])
    assert (found.lower, found.upper) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_edges_belong_to_the_bin_below():
    assert [each.high for each in confidence_bins([row(p, True) for p in (0.0, 0.1, 0.10001, 0.9, 1.0)])] == [
        0.1,
        0.2,
        0.9,
        1.0,
    ]


def test_a_model_that_knows_how_sure_it_may_be():
    rows = [row(0.75, index % 4 > 0) for index in range(400)]
    assert calibration_error(confidence_bins(rows)) == pytest.approx(0)
