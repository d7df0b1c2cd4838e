"""Published figures: which runs belong to a benchmark, and what is said to compare."""

from collections.abc import Callable
from pathlib import Path

import pytest
from report_runs import a_score

from seqtasks.recipe import load_recipe
from seqtasks.report.html import render_html
from seqtasks.report.published import DEFAULTS, Benchmark, Figure, benchmarks, published
from seqtasks.report.run_files import Run, read_run

HUB = Path(__file__).parents[3] / "recipes" / "hub"
TREC = "task: classification\ndataset: {path: CogComp/trec, columns: {label: coarse_label}SPLIT}\n"


@pytest.fixture
def run_of(write_run: Callable[..., Path]) -> Callable[[str], Run]:
    def run(recipe: str) -> Run:
        task = recipe.splitlines()[0].removeprefix("task: ")
        name = "bleu" if task == "translation" else "accuracy"
        path = write_run(task, scores={"primary": name, "test": {"scores": [a_score(name, 0.9).to_dict()]}})
        (path / "recipe.yaml").write_text(recipe, encoding="utf-8")
        return read_run(path)

    return run


def test_a_run_on_a_benchmark_stands_beside_its_figures(run_of: Callable[[str], Run]) -> None:
    run = run_of(TREC.replace("SPLIT", ""))
    found = published(run)
    assert found is not None
    assert [(each.value, each.difference) for each in found.figures] == [("91.2%", ""), ("88.2%", "")]
    page = render_html(run)
    assert "A figure compares with this run only under this protocol." in page
    assert "Kim 2014" in page
    assert "same protocol" in page


@pytest.mark.parametrize(
    "recipe",
    [
        TREC.replace("SPLIT", ", split: {test: train}"),
        TREC.replace("SPLIT", ", name: other"),
        TREC.replace("SPLIT", "").replace("coarse_label", "fine_label"),
        TREC.replace("SPLIT", "").replace("CogComp/trec", "mine/trec"),
        TREC.replace("SPLIT", "") + "train: {init_from: elsewhere}\n",
        TREC.replace("SPLIT", "") + "tokenizer: {model: word}\ninput: {embedding_size: 50, vectors: x.txt}\n",
    ],
)
def test_another_protocol_has_no_figures(run_of: Callable[[str], Run], recipe: str) -> None:
    run = run_of(recipe)
    assert published(run) is None
    assert "<h3>Published</h3>" not in render_html(run)


def test_where_protocols_differ_the_reason_is_given(run_of: Callable[[str], Run]) -> None:
    found = published(run_of("task: translation\ndataset: {path: bentrevett/multi30k}\n"))
    assert found is not None
    assert [each.difference for each in found.figures] == ["BLEU of lower-cased and tokenised texts"]


def test_strings_stay_strings(run_of: Callable[[str], Run], monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure(figure=1, who="<b>who</b>", same=False, note="<b>note</b>")
    where = [{"task": "classification", "dataset.path": "CogComp/trec"}]
    entry = Benchmark(data="<b>data</b>", protocol="<b>p</b>", score="accuracy", where=where, published=[figure])
    monkeypatch.setattr("seqtasks.report.published.benchmarks", lambda: {"trec": entry})
    page = render_html(run_of(TREC.replace("SPLIT", "")))
    section = page.split("<h3>Published</h3>")[1].split("<details>")[0]
    assert "<b>" not in section
    assert section.count("&lt;b&gt;") == 4


def test_every_benchmark_is_of_a_recipe_or_says_why_not_and_names_fields_that_exist() -> None:
    for name, benchmark in benchmarks().items():
        file = HUB / f"{name.removesuffix('_cased')}.yaml"
        assert file.exists(), name
        recipe = load_recipe(file)
        for where in benchmark.where:
            for field in {*DEFAULTS, *where}:
                value: object = recipe
                for part in field.split("."):
                    assert hasattr(value, part), f"{name}: {field}"
                    value = getattr(value, part)
        for figure in benchmark.published:
            assert figure.same or figure.note, name
