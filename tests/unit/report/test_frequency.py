"""Scores by how often training has a word."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seqtasks.compare.gains import gains_by_frequency
from seqtasks.errors import RunError
from seqtasks.report.answers import show_answers
from seqtasks.report.frequency import by_frequency, by_unknown_words, word_tally
from seqtasks.report.html import render_html
from seqtasks.report.predictions import LabelPrediction
from seqtasks.report.run_files import Run, read_run


def read(path: Path, **counts: int) -> Run:
    (path / "frequencies.json").write_text(json.dumps(counts), encoding="utf-8")
    return read_run(path)


def scores(run: Run) -> dict[str, tuple[int, float]]:
    tally = word_tally(run)
    assert tally is not None
    return {bucket.name: (bucket.size, bucket.score) for bucket in by_frequency(tally)}


def test_words_of_a_tagger_by_hand(write_run: Callable[..., Path]) -> None:
    """Of dogs, bark, loudly and go, bark alone is tagged wrong."""
    path = write_run("tagging")
    assert scores(read(path, dogs=1, bark=4, loudly=2, go=100)) == {"1": (1, 1.0), "2–4": (2, 0.5), "100+": (1, 1.0)}
    assert scores(read(path, go=99)) == {"0": (3, 2 / 3), "10–99": (1, 1.0)}


def test_words_of_a_text_by_hand(write_run: Callable[..., Path]) -> None:
    """ "Continue ici." for "Continue.", and nothing for "Oui" or "Si": 13a cuts off the full stop."""
    run = read(write_run("translation"), Continue=5, ici=7, **{".": 200, "Oui": 1, "Si": 1})
    assert scores(run) == {"1": (1, 0.0), "5–9": (1, pytest.approx(2 / 3)), "100+": (1, 1.0)}


def test_texts_are_cut_as_the_scores_cut_them(write_run: Callable[..., Path]) -> None:
    path = write_run("translation")
    (path / "recipe.yaml").write_text(
        "task: translation\ndataset: {path: x}\nscores: {lowercase: true, punctuation: false}\n", encoding="utf-8"
    )
    assert scores(read(path, **{"continue": 5, "oui": 5, "si": 5})) == {"5–9": (2, pytest.approx(2 / 3))}


def test_of_several_references_the_closest_counts_and_descriptions_share_theirs(write_run: Callable[..., Path]) -> None:
    found = scores(read(write_run("description"), **{"French": 1, ".": 1}))
    assert found["1"] == (4, pytest.approx(6 / 7))  # "Blue Spice is." lacks French, "French." has all


def test_inputs_of_a_classifier_by_their_unknown_words() -> None:
    def row(text: str, right: bool) -> LabelPrediction:
        label = "a" if right else "b"
        return LabelPrediction(index=0, input=text, reference="a", prediction=label, probability=1, length=1)

    rows = [row("The film!", True), row("the bad film", False), row("zzz", True), row("...", True)]
    found = by_unknown_words(rows, {"the": 3, "film": 1})
    assert [(bucket.name, bucket.size, bucket.score) for bucket in found] == [("none", 1, 1.0), ("over 25%", 2, 0.5)]


@pytest.mark.parametrize("task", ["tagging", "translation", "classification"])
def test_the_report_shows_a_chart_where_counts_are_known(write_run: Callable[..., Path], task: str) -> None:
    path = write_run(task)
    name = "by_unknown" if task == "classification" else "by_frequency"
    assert name not in show_answers(read_run(path)).figures
    run = read(path, dogs=1, Continue=1, a=1, fine=1, film=1)
    assert name in show_answers(run).figures
    assert f'data-chart="{name}"' in render_html(run)


@pytest.mark.parametrize("task", ["frame_tagging", "pronunciation", "music", "regression"])
def test_other_answers_are_not_of_words(write_run: Callable[..., Path], task: str) -> None:
    assert word_tally(read(write_run(task), walking=1)) is None


def test_gains_are_of_runs_that_have_met_the_same_words(write_run: Callable[..., Path], tmp_path: Path) -> None:
    path = write_run("tagging")
    first = read(path, dogs=1)
    lines = [json.loads(line) for line in (path / "predictions.jsonl").read_text().splitlines()]
    lines[0]["prediction"] = lines[0]["reference"]
    (path / "predictions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    second = read(path, dogs=1)
    found = [(bucket.name, bucket.size, bucket.score) for bucket in gains_by_frequency(first, second)]
    assert found == [("0", 3, pytest.approx(100 / 3)), ("1", 1, 0.0)]
    assert gains_by_frequency(first, read(path, dogs=2)) == []


def test_damaged_counts_are_refused(write_run: Callable[..., Path]) -> None:
    path = write_run("tagging")
    (path / "frequencies.json").write_text('{"dogs": "often"}')
    with pytest.raises(RunError, match=r"frequencies.json: dogs"):
        read_run(path)
