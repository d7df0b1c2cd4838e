"""Charts of the demo's pages."""

import numpy as np
import pytest

from seqtasks.demo.charts import drawn, forecast_chart

CONTEXT, FUTURE = np.array([[1.0, 2.0], [2.0, 3.0]]), np.array([[3.0, 4.0], [4.0, 5.0]])


@pytest.mark.parametrize("names", [["heat"], ["heat", "wind"]])
def test_bands_lie_around_the_forecast(names):
    context, future = CONTEXT[:, : len(names)], FUTURE[:, : len(names)]
    chart = forecast_chart(context, future, names, [np.stack([future - 1, future + 2])])
    rows = chart.to_dict()["data"]["values"]
    ends = [(row["series"], row["step"], row["low"], row["high"]) for row in rows if "low" in row]
    assert ends == [
        (name, step + 1, step + place + 2, step + place + 5) for place, name in enumerate(names) for step in (0, 1)
    ]
    areas = 'aria-roledescription="area mark"'
    assert areas in drawn(chart, alt_text="")
    assert areas not in drawn(forecast_chart(context, future, names), alt_text="")
