import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from report_runs import PREDICTIONS, TUNE

from seqtasks.errors import RunError
from seqtasks.report.answers import KINDS, show_answers
from seqtasks.report.answers.forecasts import forecast_answers
from seqtasks.report.answers.symbols import spelling
from seqtasks.report.answers.tunes import abc_file
from seqtasks.report.html import render_html
from seqtasks.report.predictions import PREDICTION_TYPES, SymbolPrediction, TunePrediction
from seqtasks.report.run_files import read_run
from seqtasks.report.sheet_music import sheet_music


def test_every_task_has_a_kind_and_a_run_in_these_tests() -> None:
    assert set(PREDICTION_TYPES.values()) == set(KINDS)
    assert set(PREDICTIONS) == set(PREDICTION_TYPES)


def test_symbols_are_compared_with_the_closest_reference() -> None:
    row = SymbolPrediction(index=0, input="w", reference=["B B B B", "A X C D"], prediction="A C D E", length=1)
    found = spelling(row)
    assert found.distance == 2
    assert sorted(found.edits) == [("", "E"), ("X", "")]
    assert [piece.text for piece in found.output if piece.marked] == ["E"]
    assert [piece.text for piece in found.reference if piece.marked] == ["X"]


def test_naive_forecasts_are_made_again_from_the_contexts(write_run: Callable[..., Path]) -> None:
    figure = forecast_answers(read_run(write_run("forecasting"))).figures["by_step"].to_dict()
    errors = {(row["line"], row["step"]): row["value"] for row in figure["data"]["values"]}
    assert errors == {
        ("this run", 1): 0.25,
        ("this run", 2): 0.75,
        ("last value", 1): 0.75,
        ("last value", 2): 0.75,
        ("a season before", 1): 0.25,
        ("a season before", 2): 0.75,
    }


def test_contexts_that_were_cut_give_no_naive_forecasts(write_run: Callable[..., Path]) -> None:
    rows = [{"index": index, **row, "length": 300} for index, row in enumerate(PREDICTIONS["forecasting"])]
    figure = forecast_answers(read_run(write_run("forecasting", predictions=rows))).figures["by_step"].to_dict()
    assert {row["line"] for row in figure["data"]["values"]} == {"this run"}


def test_of_several_series_that_one_is_shown_which_fails_for_its_size(write_run: Callable[..., Path]) -> None:
    future = np.array([[[0.0, 0.0], [1.0, 100.0]]] * 2)
    rows = [
        {
            "index": index,
            "input": [[0.0, 0.0]],
            "reference": future[index].tolist(),
            "prediction": (future[index] + [0.5, 10.0]).tolist(),
            "length": 1,
        }
        for index in range(2)
    ]
    content = forecast_answers(read_run(write_run("forecasting", predictions=rows))).content
    assert {window.series for group in content["groups"] for window in group.rows} == {0}
    assert [round(error, 6) for _, error, *_ in content["by_series"]] == [0.5, 10.0]


def test_perplexity_is_of_all_tokens_of_a_part(write_run: Callable[..., Path]) -> None:
    figures = show_answers(read_run(write_run("language_modeling"))).figures
    spec = json.dumps(figures["along"].to_dict()["data"]["values"])
    assert [row["value"] for row in json.loads(spec)] == pytest.approx([np.exp(40 / 14), np.exp(9 / 3)])


def a_tune(attributes: str, tune: str) -> str:
    row = TunePrediction(index=0, input=attributes, reference=["x"], prediction=tune, nats=1, length=1)
    return abc_file(row)


def test_the_header_of_a_tune_is_what_its_attributes_ask_for() -> None:
    assert a_tune("meter=6/8, rhythm=jig", "abc|") == "X:1\nM:6/8\nL:1/8\nK:C\nabc|\n"


def test_sheet_music_is_an_image_and_bad_tunes_do_no_harm() -> None:
    pytest.importorskip("verovio")
    sheet = sheet_music(a_tune("meter=6/8, key=D", TUNE))
    assert sheet is not None
    assert sheet.startswith("data:image/svg+xml;base64,")
    assert len(sheet) > 10_000
    for bad in (")))]][[[((", ":" * 50, "|:<<d2]] {fg <script> d"):
        found = sheet_music(a_tune("key=D", bad))
        assert found is None or found.startswith("data:image/svg+xml;base64,")


def test_without_verovio_the_page_says_how_to_get_it(
    write_run: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqtasks.report.sheet_music.find_spec", lambda name: None)
    content = show_answers(read_run(write_run("music"))).content
    assert [tune.sheet for group in content["groups"] for tune in group.rows] == [None]
    assert content["installed"] is False


def test_bands_are_drawn_and_measured_where_the_run_has_them(write_run: Callable[..., Path]) -> None:
    """Four errors of 0.5, 1, 0 and 0.5: a width of 0.5 in the first step and 0.4 in the second holds two of them."""
    path = write_run("forecasting")
    assert "How sure it is" not in render_html(read_run(path))
    (path / "intervals.json").write_text('{"rows": 30, "half_widths": {"80": [[0.5], [0.4]], "95": [[9], [9]]}}')
    run = read_run(path)
    answers = forecast_answers(run)
    assert answers.content["coverage"] == {"80": 0.5, "95": 1.0}
    layers = answers.figures["worst-0"].to_dict()["layer"]
    band = [row for row in layers[0]["data"]["values"] if row["band"] == "80"]
    assert [(row["step"], row["low"], row["high"]) for row in band] == [(0, 1.5, 1.5), (1, 1.0, 2.0), (2, 1.6, 2.4)]
    assert "the 80% band held 50.0%, the 95% band held 100.0%" in render_html(run)
    (path / "intervals.json").write_text('{"rows": 30, "half_widths": {"80": [[0.5]]}}')
    with pytest.raises(RunError, match="expected 2 times 1"):
        forecast_answers(read_run(path))
