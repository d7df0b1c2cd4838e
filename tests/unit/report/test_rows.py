import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report_runs import ATTACK, PIXEL, PREDICTIONS, SHAPES, write_attacked_run

from seqtasks.report import write_report
from seqtasks.report.answers import show_answers
from seqtasks.report.rows import MAX_ROWS, HeldRows, held_rows, row_view
from seqtasks.report.run_files import read_run

PLENTY = 10**9
SCRIPT = "</script><script>alert(1)</script>"
WriteRun = Callable[..., Path]


def held(run_dir: Path, max_bytes: int = PLENTY) -> HeldRows:
    run = read_run(run_dir)
    return held_rows(run, row_view(run, show_answers(run).values), max_bytes=max_bytes)


def columns_of_page(page: str) -> dict[str, list[Any]]:
    start = page.index('<script id="row-data" type="application/json">')
    data = page[page.index(">", start) + 1 : page.index("</script>", start)]
    return json.loads(data)["columns"]  # type: ignore[no-any-return]


def columns(rows: HeldRows) -> dict[str, list[Any]]:
    content = json.loads(rows.data, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    return content["columns"]  # type: ignore[no-any-return]


def labelled(text: str) -> dict[str, Any]:
    return {"input": text, "reference": "a", "prediction": "b", "probability": 0.5, "length": 1}


def numbered(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [row | {"index": index} for index, row in enumerate(rows)]


@pytest.mark.parametrize("task", PREDICTIONS)
def test_a_page_holds_all_rows_of_a_small_run(write_run: WriteRun, task: str) -> None:
    rows = held(write_run(task))
    assert (rows.held, rows.total, rows.is_full) == (len(PREDICTIONS[task]), len(PREDICTIONS[task]), False)
    found = columns(rows)
    assert {len(column) for column in found.values()} == {rows.held}
    named = {order.name for order in rows.view.orders} | set(rows.view.searched)
    assert named <= set(found), "the page sorts or searches what is not there"


@pytest.mark.parametrize("task", SHAPES)
def test_text_of_the_data_cannot_end_the_script_that_holds_it(tmp_path: Path, task: str) -> None:
    rows = held(write_attacked_run(tmp_path, task))
    assert not set("<>&'") & set(rows.data)
    has_text = task not in ("regression", "forecasting")
    assert (json.dumps(ATTACK)[1:-1] in json.dumps(json.loads(rows.data))) == has_text


def test_a_script_in_a_text_comes_back_as_that_text(write_run: WriteRun) -> None:
    page = write_report(write_run("classification", predictions=numbered(labelled(SCRIPT)))).read_text()
    assert SCRIPT not in page
    assert columns_of_page(page)["input"] == [SCRIPT]


def test_rows_are_held_until_the_bytes_are_spent(write_run: WriteRun) -> None:
    texts = [f"{'ä' * (place % 7)} & <b>{place}</b>" for place in range(200)]
    run_dir = write_run("classification", predictions=numbered(*map(labelled, texts)))
    none = len(held(run_dir, 0).data.encode())
    full = len(held(run_dir).data.encode()) - none
    for limit in (0, 1, 500, 5_000, full - 200, full + 200):
        rows = held(run_dir, limit)
        assert len(rows.data.encode()) - none <= limit
        assert columns(rows)["input"] == texts[: rows.held]
        assert rows.is_full == (rows.held < 200) == (limit < full)
    assert held(run_dir, full // 2).held == pytest.approx(100, abs=10)


def test_pictures_come_after_all_rows(write_run: WriteRun) -> None:
    other = PIXEL.replace("mNk", "mNl")
    inputs = [PIXEL, "https://example.org/a.png", other, PIXEL]
    run_dir = write_run("image_classification", predictions=numbered(*map(labelled, inputs)))
    none = len(held(run_dir, 0).data.encode())
    assert columns(held(run_dir))["picture"] == [PIXEL, None, other, PIXEL]
    for limit, pictures in ((4 * 60, 0), (4 * 60 + 2 * len(PIXEL), 2), (4 * 60 + 3 * len(PIXEL), 3)):
        rows = held(run_dir, limit)
        assert rows.held == 4
        assert rows.pictures is not None
        assert rows.pictures >= pictures
        assert len(rows.data.encode()) - none <= limit
        assert columns(rows)["picture"] == [PIXEL, None, other, PIXEL][: rows.pictures] + [None] * (4 - rows.pictures)
    page = write_report(run_dir).read_text()
    assert "which is what a page of 3 MB holds" not in page


def test_a_large_run_is_cut_and_the_page_says_so(write_run: WriteRun) -> None:
    rows = numbered(*[labelled(f"row {place}") for place in range(MAX_ROWS + 3)])
    run_dir = write_run("classification", predictions=rows)
    page = write_report(run_dir).read_text()
    assert "The first 5,000 of 5,003 test rows;" in page
    assert columns_of_page(page)["index"] == list(range(5000))


def test_a_report_stays_under_three_megabytes(write_run: WriteRun) -> None:
    rows = [labelled(f"{place} " + "a long & text " * 200) for place in range(3000)]
    path = write_report(write_run("classification", predictions=numbered(*rows)))
    assert 2.9e6 < path.stat().st_size < 3e6
    assert "of 3,000 test rows, which is what a page of 3 MB holds" in path.read_text()


def test_long_texts_are_clipped(write_run: WriteRun) -> None:
    [text] = columns(held(write_run("classification", predictions=numbered(labelled("x" * 2000)))))["input"]
    assert text == "x" * 1000 + " …"


def test_frames_with_the_same_two_tags_stand_together(write_run: WriteRun) -> None:
    found = columns(held(write_run("frame_tagging")))
    assert (found["frames"], found["value"]) == ([[1, 1, 2, 1], []], [2, 0])
    assert [len(each) for each in found["reference"]] == [4, 0]


def test_numbers_that_are_not_finite_are_null(write_run: WriteRun) -> None:
    row = PREDICTIONS["regression"][0] | {"prediction": float("nan")}
    assert columns(held(write_run("regression", predictions=numbered(row))))["value"] == [None]


def test_likelihoods_beyond_all_numbers_are_null(write_run: WriteRun) -> None:
    row = {"input": "a", "reference": 0.0, "prediction": 9000.0, "tokens": 2, "length": 2}
    run = read_run(write_run("language_modeling", predictions=numbered(row, row | {"prediction": 2.0})))
    assert [row["value"] for row in row_view(run, ()).rows] == [None, 2.718]


def test_long_forecasts_are_drawn_in_few_points(write_run: WriteRun) -> None:
    truth = [[0.0, float(step)] for step in range(100)]
    guess = [[0.0, 2.0 * step] for step in range(100)]
    row = {"input": [[0.0, 0.0]], "reference": truth, "prediction": guess, "length": 1}
    found = columns(held(write_run("forecasting", predictions=numbered(row))))
    [lines] = zip(found["truth"], found["forecast"], strict=True)
    assert [(line[0], line[-1], len(line)) for line in lines] == [(0, 50, 48), (0, 99, 48)]
    assert (found["low"], found["high"], found["series"]) == ([0.0], [198.0], [2])
