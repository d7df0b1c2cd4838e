import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.edit import error_rates


def test_the_closest_reference_counts():
    references = [["K AE T", "K AA T S"], ["D AO G"], ["T AH M EY T OW", "T AH M AA T OW"]]
    outputs = ["K AA T", "D AO G", "T AH M AA T OW S"]
    symbols, words = error_rates(references, outputs, unit_name="phoneme")
    # "K AA T" is one edit from either reference of the first row: the longer one counts.
    assert symbols.name == "phoneme_error_rate"
    assert symbols.value == pytest.approx((1 + 0 + 1) / (4 + 3 + 6))
    assert words.name == "word_error_rate"
    assert words.value == pytest.approx(2 / 3)
    for score in (symbols, words):
        assert not score.higher_is_better
        assert score.low <= score.value <= score.high
    assert symbols.support == "13 phonemes"


def test_no_output_is_all_wrong_and_intervals_are_optional():
    symbols, words = error_rates([["A B"]], [""], unit_name="phoneme", intervals=False)
    assert (symbols.value, words.value, symbols.low) == (1.0, 1.0, None)


@pytest.mark.parametrize(("references", "outputs"), [([], []), ([["A"]], []), ([["A"], []], ["A", "B"])])
def test_rows_without_a_reference_are_refused(references, outputs):
    with pytest.raises(DataError, match="error rates"):
        error_rates(references, outputs, unit_name="phoneme")
