import numpy as np
import pytest

from seqtasks.errors import DataError
from seqtasks.metrics.regression import regression_scores


def test_errors_of_two_series():
    right = np.zeros((2, 2, 2))
    given = np.array([[[1.0, -2.0], [1.0, 2.0]], [[1.0, 2.0], [-1.0, 6.0]]])
    names = ("mae", "mse", "rmse", "mase")
    scores = regression_scores(right, given, names=names, scale=np.array([2.0, 4.0]))
    values = {score.name: score.value for score in scores}
    assert values == pytest.approx({"mae": 2.0, "mse": 6.5, "rmse": 6.5**0.5, "mase": 0.625})
    assert [score.unit for score in scores] == ["value", "value", "value", "ratio"]
    assert all(not score.higher_is_better and score.low <= score.value <= score.high for score in scores)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(DataError, match="equal shapes"):
        regression_scores(np.zeros((2, 3, 1)), np.zeros((2, 3)), names=("mae",))
    with pytest.raises(DataError, match="mase needs one"):
        regression_scores(np.zeros((2, 3, 1)), np.zeros((2, 3, 1)), names=("mase",))
    with pytest.raises(DataError, match="no references"):
        regression_scores(np.zeros((0, 3, 1)), np.zeros((0, 3, 1)), names=("mae",))
