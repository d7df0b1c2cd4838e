import base64
import hashlib
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
import report_runs
from report_runs import ATTACK, LOG, PREDICTIONS, SHAPES, a_score, write_attacked_run
from rich.console import Console

from seqtasks.errors import RunError
from seqtasks.report import print_scores, write_report
from seqtasks.report.html import highlight_yaml
from seqtasks.report.markdown import render_markdown
from seqtasks.report.run_files import read_run


class Page(HTMLParser):
    """The elements of a page, the content of its scripts and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += " " if tag in ("td", "th") else ""
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        else:
            self.text += data

    def attributes(self, tag: str, name: str) -> list[str]:
        return [attributes[name] or "" for each, attributes in self.elements if each == tag and name in attributes]


def read_page(run_dir: Path) -> Page:
    return Page(write_report(run_dir).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of a run of each task."""
    directory = tmp_path_factory.mktemp("runs")
    return {task: write_report(report_runs.write_run(directory, task)) for task in PREDICTIONS}


@pytest.mark.parametrize("task", PREDICTIONS)
def test_the_page_is_one_file_that_asks_nothing_of_the_network(reports: dict[str, Path], task: str) -> None:
    path = reports[task]
    assert path.stat().st_size < 3e6
    page = Page(path.read_text(encoding="utf-8"))
    assert not [tag for tag, _ in page.elements if tag in ("link", "iframe", "object", "embed", "base")]
    assert not page.attributes("script", "src")
    assert all(source.startswith("data:image/") for source in page.attributes("img", "src"))
    assert {each.name for each in path.parent.glob("report.*")} == {"report.html", "report.md"}
    assert not list(path.parent.glob(".*")), "a temporary file was left"
    charts, rows, vega, own, explorer = page.scripts
    assert set(json.loads(charts)) >= {"loss", "lengths"}
    assert sorted(page.attributes("div", "data-chart")) == sorted(json.loads(charts))
    assert json.loads(rows)["columns"]["index"] == list(range(len(PREDICTIONS[task])))
    [policy] = [content for content in page.attributes("meta", "content") if "script-src" in content]
    for script in (vega, own, explorer):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


@pytest.mark.parametrize("task", SHAPES)
def test_text_from_data_never_becomes_markup(tmp_path: Path, task: str) -> None:
    run_dir = write_attacked_run(tmp_path, task)
    page = read_page(run_dir)
    assert len(page.scripts) == 5
    assert not page.attributes("img", "onerror")
    assert ATTACK in page.text
    markdown = (run_dir / "report.md").read_text(encoding="utf-8").replace(f"`{ATTACK}`", "")
    assert re.search(r"\\<script", markdown)
    assert not re.search(r"(?<!\\)<", markdown)


def test_only_pictures_inside_the_page_and_links_to_the_web_are_kept(write_run: Callable[..., Path]) -> None:
    row = {"index": 0, "input": "https://example.org/a.png", "reference": ["a"], "prediction": "b", "length": 1}
    data = {"dataset": {"homepage": "javascript:alert(1)"}, "splits": {}}
    page = read_page(write_run("captioning", predictions=[row], data=data))
    assert not page.attributes("img", "src")
    assert all(link.startswith("#") for link in page.attributes("a", "href"))


def test_sections_without_files_are_dropped(write_run: Callable[..., Path]) -> None:
    sections = set(read_page(write_run("translation")).attributes("section", "id"))
    assert sections == {"result", "failures", "examples", "rows", "attention", "training", "data", "recipe"}
    without = set(read_page(write_run("tagging", log=None)).attributes("section", "id"))
    assert without == sections - {"attention", "training"}


def test_a_diverged_run_is_reported(write_run: Callable[..., Path]) -> None:
    scores = {"primary": "accuracy", "test": {"scores": [a_score("accuracy", float("nan")).to_dict()]}}
    page = read_page(write_run("tagging", scores=scores, log=[LOG[0] | {"loss": float("nan")}]))
    assert "diverged" in page.text
    json.loads(page.scripts[0], parse_constant=lambda name: pytest.fail(f"{name} in the charts"))


def test_a_damaged_run_keeps_its_old_report(write_run: Callable[..., Path]) -> None:
    run_dir = write_run("tagging")
    write_report(run_dir)
    old = (run_dir / "report.html").read_bytes()
    (run_dir / "scores.json").write_text("{")
    with pytest.raises(RunError):
        write_report(run_dir)
    assert (run_dir / "report.html").read_bytes() == old


@pytest.mark.parametrize(
    ("task", "charts", "text"),
    [
        ("image_classification", set(), "Confident errors 7 instead of 1 at 60.0%"),
        ("frame_classification", {"worst-1", "drawn-0", "by_length"}, "one instead of two at 60.0%"),
        ("frame_tagging", {"worst-0", "worst-0-tags", "drawn-0-tags"}, "The first 4 of 5 frames."),
        ("description", {"by_length"}, "chrF by reference length"),
        ("chat", {"by_length"}, "the input itself 50.0% 0.0%"),
        ("pronunciation", {"by_length"}, "S (nothing) 1 100.0%"),
        ("music", set(), "K:D |:d2 f afd|g2 c cag|"),
        ("regression", {"scatter", "errors", "worst-0", "drawn-1", "by_length"}, "-1.500 for -1.000"),
        ("forecasting", {"by_step", "worst-0", "median-0", "drawn-1"}, "window 0 · mean absolute error 0.7500"),
        ("language_modeling", {"along", "by_length"}, "worst of times 17.41 14 tokens"),
    ],
)
def test_every_kind_of_answer_has_its_special_parts(
    reports: dict[str, Path], task: str, charts: set[str], text: str
) -> None:
    page = Page(reports[task].read_text(encoding="utf-8"))
    assert set(page.attributes("div", "data-chart")) >= charts
    assert text in " ".join(page.text.split())
    assert task != "image_classification" or page.attributes("img", "src")


def test_bars_of_errors_end_at_the_worst_number(reports: dict[str, Path]) -> None:
    page = Page(reports["forecasting"].read_text(encoding="utf-8"))
    fills = [style for style in page.attributes("i", "style") if "left" not in style]
    assert fills == ["width:50.00%"]


def test_the_markdown_has_headline_scores_and_protocol(write_run: Callable[..., Path]) -> None:
    text = render_markdown(read_run(write_run("classification")))
    assert text.startswith("# Small set: classification\n\n**80.0% of texts labelled right (95% interval 70.0–90.0);")
    assert "| Accuracy | **80.0%** | 70.0–90.0 | 40.0% |" in text
    assert "- command: `seqtasks run classification.yaml`" in text
    assert "- signature of Accuracy: `accuracy|signature`" in text


def test_yaml_is_marked_and_otherwise_unchanged() -> None:
    text = "# note\ntask: tagging\ntrain:\n  rate: 1.0e-3\n  list:\n  - a: <b>\n  - plain"
    marked = highlight_yaml(text)
    assert "<b>rate</b>:<span> 1.0e-3</span>" in marked
    assert Page(str(marked)).text == text


def test_the_terminal_shows_scores_beside_baselines_and_reads_no_markup_from_names() -> None:
    ours, theirs = a_score("accuracy", 0.912, low=0.9, high=0.925), a_score("accuracy", 0.5)
    test = {"scores": [ours.to_dict()], "baselines": {"[red]rule[/red]": [theirs.to_dict()], "none": []}}
    console = Console(file=io.StringIO(), width=100)
    print_scores({"primary": "accuracy", "test": test}, Path("runs/a/report.html"), console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for part in ("Accuracy", "91.2%", "90.0–92.5", "[red]rule[/red]", "50.0%", "–", "report: runs/a/report.html"):
        assert part in shown
    assert "↓" not in shown


def test_tables_mark_scores_that_should_be_low(write_run: Callable[..., Path]) -> None:
    run_dir = write_run("language_modeling")
    assert "| Perplexity a word ↓ | **80.00** |" in render_markdown(read_run(run_dir))
    console = Console(file=io.StringIO(), width=100)
    print_scores(json.loads((run_dir / "scores.json").read_text()), None, console)
    assert "Perplexity a word ↓" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_report_is_written_without_torch() -> None:
    code = "import sys, seqtasks.report; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
