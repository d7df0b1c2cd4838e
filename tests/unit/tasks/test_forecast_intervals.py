"""Bands around forecasts: learned from validation rows, given with details."""

import numpy as np
import pytest
from cases import CASES, make_rows, make_task

from seqtasks.files import write_json
from seqtasks.tasks.ensemble import Ensemble
from seqtasks.tasks.examples import plain
from seqtasks.tasks.inference import predict


def test_a_run_that_knows_its_errors_gives_intervals_with_details(tmp_path):
    task, rows = make_task("forecasting"), make_rows("forecasting")
    model = task.build()
    inputs = task.encode_inputs(CASES["forecasting"].inputs)
    answers = predict(task, model, inputs, tokens_per_batch=100, details=True)
    assert [answer.details for answer in answers] == [{}] * len(answers)

    found = task.error_quantiles(rows, answers)
    task.save(tmp_path)
    write_json(tmp_path / "intervals.json", found)
    loaded = type(task).load(task.recipe, tmp_path)
    again = predict(loaded, model, inputs, tokens_per_batch=100, details=True)
    assert found["rows"] == len(rows)
    widths = np.array(found["half_widths"]["80"])[:, 0]
    for answer, other in zip(answers, again, strict=True):
        assert answer.value == other.value
        low, high = other.details["interval_80"]
        assert low == pytest.approx(np.array(answer.value) - widths)
        assert high == pytest.approx(np.array(answer.value) + widths)
    held = [
        np.less_equal(low, right) & np.less_equal(right, high)
        for (low, high), right in zip(
            (answer.details["interval_80"] for answer in again), loaded.references(rows), strict=True
        )
    ]
    assert np.mean(held) >= 0.8  # of the very rows that they come from

    assert predict(loaded, model, inputs, tokens_per_batch=100)[0].details == {}
    assert all(record.keys().isdisjoint({"interval_80"}) for record in loaded.records(rows, again))
    both = predict(loaded, Ensemble([model, model]), inputs, tokens_per_batch=100, details=True)
    assert [answer.details for answer in both] == [{}] * len(both)


@pytest.mark.parametrize("name", [name for name in CASES if name != "forecasting"])
def test_other_tasks_have_none(name):
    rows, task = make_rows(name), make_task(name)
    assert task.error_quantiles(rows, plain(task.references(rows))) is None
