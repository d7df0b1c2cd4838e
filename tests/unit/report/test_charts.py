import json

import numpy as np
import pytest

from seqtasks.report import charts, frame_charts, number_charts
from seqtasks.report.buckets import Bucket
from seqtasks.report.records import EndEvent, EvalEvent, Log, SplitStatistics, TrainEvent


def train(step: int, loss: float | None) -> TrainEvent:
    return TrainEvent(event="train", step=step, epoch=0.1, loss=loss, seconds=1)


def every_value(spec: object) -> list[dict]:
    """All data rows of a specification, wherever Altair has put them."""
    if isinstance(spec, list):
        return [row for part in spec for row in every_value(part)]
    if not isinstance(spec, dict):
        return []
    own = [row for row in spec.get("values", []) if isinstance(row, dict)] if "values" in spec else []
    return own + [row for key, part in spec.items() if key != "values" for row in every_value(part)]


def test_a_diverged_loss_leaves_the_chart_valid() -> None:
    end = EndEvent(event="end", step=3, best_step=2, averaged_steps=[1, 2], reason="max_steps", seconds=1)
    evals = [EvalEvent(event="eval", step=2, epoch=1, scores={"loss": float("nan"), "bleu": None}, seconds=1)]
    log = Log(train=[train(1, 2.0), train(2, float("inf")), train(3, None)], evals=evals, end=end)
    spec = charts.specification(charts.loss_curve(log, unit="nats"))
    json.dumps(spec, allow_nan=False)
    assert {row["value"] for row in every_value(spec) if "value" in row} == {2.0}
    assert {(row["step"], row["what"]) for row in every_value(spec) if "what" in row} == {
        (1, "averaged as well"),
        (2, "best step"),
    }


def test_gradient_norms_stand_before_and_after_clipping() -> None:
    events = [TrainEvent(event="train", step=1, epoch=0, loss=1, grad_norm=3, clipped_norm=1, seconds=1), train(2, 1.0)]
    rows = every_value(charts.specification(charts.gradient_norms(Log(train=events))))
    assert [(row["split"], row["value"]) for row in rows] == [("before clipping", 3), ("after clipping", 1)]


def test_a_number_that_is_none_becomes_null() -> None:
    series = np.array([1.0, 2.0])
    spec = charts.specification(number_charts.forecast(series, series, np.array([np.nan, 1.0]), {"95": series}))
    json.dumps(spec, allow_nan=False)
    rows = [row for row in every_value(spec) if row["line"] == "forecast"]
    assert [row["value"] for row in rows if "value" in row] == [2.0, None, 1.0]
    assert [(row["low"], row["high"]) for row in rows if "band" in row] == [(2.0, 2.0), (None, None), (-1.0, 3.0)]


def test_a_heat_map_keeps_all_of_the_recording_in_few_cells() -> None:
    frames = np.arange(200.0)[:, None] + np.arange(80.0)
    rows = every_value(charts.specification(frame_charts.recording(frames.tolist(), num_frames=300)))
    assert len(rows) <= frame_charts.MAX_CELLS
    assert {row["to"] for row in rows} - {row["frame"] for row in rows} == {201}
    assert np.mean([row["value"] for row in rows]) == pytest.approx(frames.mean(), rel=1e-2)


def test_tag_strips_join_equal_neighbours() -> None:
    rows = every_value(charts.specification(frame_charts.tag_strips("aab", "abb", "ab")))
    assert [(row["tags"], row["tag"], row["from"], row["last"]) for row in rows] == [
        ("reference", "a", 1, 2),
        ("reference", "b", 3, 3),
        ("predicted", "a", 1, 1),
        ("predicted", "b", 2, 3),
    ]


def test_a_long_log_is_thinned_to_means() -> None:
    log = Log(train=[train(step, step % 2) for step in range(10 * charts.MAX_POINTS)])
    rows = [row for row in every_value(charts.specification(charts.loss_curve(log, unit="nats"))) if "value" in row]
    assert len({row["step"] for row in rows}) == charts.MAX_POINTS
    assert {row["value"] for row in rows} == {0.5}


def test_the_length_histogram_holds_all_rows_whatever_its_bins() -> None:
    split = SplitStatistics(rows=10, tokens=1, mean_length=1, max_length=9, lengths=[(0, 2), (2, 2), (4, 6)])
    rows = every_value(charts.specification(charts.length_histogram({"test": split})))
    assert sum(row["share"] * 2 for row in rows) == pytest.approx(100)
    assert rows[-1]["length"] == 6


def test_percentages_are_taken_of_the_whole_split_and_points_stay_on_the_scale() -> None:
    balance = every_value(charts.specification(charts.label_balance({"train": {"a": 1, "b": 3}, "test": {"b": 2}})))
    assert {(row["split"], row["label"]): row["share"] for row in balance} == {
        ("train", "a"): 25,
        ("train", "b"): 75,
        ("test", "a"): 0,
        ("test", "b"): 100,
    }
    [bucket] = every_value(
        charts.specification(
            charts.score_by_bucket([Bucket("1–2", 5, 0.9, 0.7, 1.1)], title="%", by="length", scale=100, highest=100)
        )
    )
    assert (bucket["bucket"], bucket["score"], bucket["high"]) == ("1–2", 90, 100)
