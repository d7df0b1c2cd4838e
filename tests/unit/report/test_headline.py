from collections.abc import Callable
from pathlib import Path

import pytest
from report_runs import a_score

from seqtasks.report.headline import format_interval, format_number, headline
from seqtasks.report.run_files import read_run


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.9456, "0-1", "94.6%"),
        (31.04, "BLEU", "31.0"),
        (1.23456, "nats", "1.235"),
        (float("nan"), "0-1", "–"),
        (152.31, "perplexity", "152.3"),
        (12345.6, "perplexity", "12,346"),
        (999.97, "value", "1000"),
        (-0.5, "value", "-0.5000"),
        (0.000012345, "value", "1.23e-05"),
        (0.0, "value", "0.000"),
    ],
)
def test_format_number(value: float, unit: str, text: str) -> None:
    assert format_number(value, unit) == text


def test_format_interval() -> None:
    assert format_interval(a_score("accuracy", 0.5, low=0.412, high=0.6)) == "41.2–60.0"
    assert format_interval(a_score("accuracy", 0.5)) == ""


def test_the_headline_says_result_unknown_words_and_baseline(write_run: Callable[..., Path]) -> None:
    sentence = headline(read_run(write_run("tagging"))).sentence
    assert sentence == (
        "80.0% of tokens tagged right (95% interval 70.0–90.0); 0.0% of words never seen in training; "
        "the best baseline, a guess, gets 40.0%."
    )


@pytest.mark.parametrize(
    ("task", "beginning"),
    [
        ("image_classification", "80.0% of pictures labelled right (95% interval 70.0–90.0); "),
        ("pronunciation", "Phoneme error rate 80.0% on 100 rows (95% interval 70.0–90.0, lower is better); "),
        ("language_modeling", "Perplexity 80.00 a word (95% interval 70.00–90.00, lower is better); "),
        ("regression", "Mean squared error 80.00 on 100 rows (95% interval 70.00–90.00, lower is better); "),
    ],
)
def test_the_headline_names_what_is_scored_and_its_direction(
    write_run: Callable[..., Path], task: str, beginning: str
) -> None:
    found = headline(read_run(write_run(task)))
    assert found.sentence.startswith(beginning)
    assert found.level == "good"


@pytest.mark.parametrize(
    ("name", "value", "interval", "baseline", "level"),
    [
        ("accuracy", 0.8, (0.7, 0.9), 0.6, "good"),
        ("accuracy", 0.8, (0.7, 0.9), 0.75, "unsure"),
        ("accuracy", 0.8, (None, None), 0.6, "unsure"),
        ("accuracy", 0.8, (0.7, 0.9), 0.8, "poor"),
        ("accuracy", float("nan"), (None, None), 0.6, "poor"),
        ("accuracy", 0.8, (0.7, 0.9), None, "unknown"),
        ("ter", 40.0, (35.0, 45.0), 60.0, "good"),
        ("ter", 40.0, (35.0, 45.0), 43.0, "unsure"),
        ("ter", 40.0, (35.0, 45.0), 30.0, "poor"),
    ],
)
def test_the_verdict_weighs_interval_and_baseline(
    write_run: Callable[..., Path],
    name: str,
    value: float,
    interval: tuple[float | None, float | None],
    baseline: float | None,
    level: str,
) -> None:
    score = a_score(name, value, low=interval[0], high=interval[1])
    worse = 0.01 if score.higher_is_better else 99.0
    baselines = {} if baseline is None else {"rule": [a_score(name, baseline)], "worse": [a_score(name, worse)]}
    test = {
        "scores": [score.to_dict()],
        "baselines": {rule: [each.to_dict() for each in scores] for rule, scores in baselines.items()},
    }
    found = headline(read_run(write_run("classification", scores={"primary": name, "test": test})))
    assert found.level == level
    assert ("rule" in found.sentence) == (baseline is not None)


def test_notes_warn_of_twins_of_training_rows_and_of_empty_outputs(write_run: Callable[..., Path]) -> None:
    split = {"rows": 200, "tokens": 300, "mean_length": 3.0, "max_length": 4, "truncated": 7}
    data = {"dataset": {}, "splits": {"test": split}, "duplicates": {"test": 10}}
    twins, cut, empty = headline(read_run(write_run("translation", data=data))).notes
    assert "10 of 200 test inputs (5.0%) also stand in the training data" in twins
    assert "7 of 200" in cut
    assert "1 of 2 outputs are empty" in empty
    assert not any("training data" in note for note in headline(read_run(write_run("music", data=data))).notes)
