"""Reports as Chromium sees them: they can be read and searched, nothing leaves them, no script of the data's runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from opened_page import DESKTOP, PHONE, barriers, opened
from report_runs import ATTACK, PREDICTIONS, SHAPES, write_attacked_run, write_run

from seqtasks.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TIMES = 13
"""Each row of `PREDICTIONS` comes so often, one after the other and over again."""
LABELLED = ["classification", "image_classification", "frame_classification", "tagging", "frame_tagging"]
UNSEARCHED = ["regression", "forecasting"]
QUERIES = {
    "classification": ("FILM  a", 0),
    "image_classification": ("1", 1),
    "frame_classification": ("Two", 1),
    "tagging": ("loud DOGS", 0),
    "frame_tagging": ("running", 0),
    "captioning": ("blue", 1),
    "description": ("spice", 0),
    "translation": ("ici continue", 0),
    "chat": ("cat", 1),
    "pronunciation": ("k ae t", 2),
    "music": ("JIG", 0),
    "language_modeling": ("worst of times", 0),
}
"""Words that stand in one row alone of a task's, and the place of that row."""
FILTERED = {
    "classification": ("wrong", {1, 2}),
    "image_classification": ("right", {0}),
    "frame_classification": ("wrong", {1}),
    "tagging": ("some tag wrong", {0}),
    "frame_tagging": ("every tag right", {1}),
    "captioning": ("empty", set()),
    "description": ("repeating themselves", set()),
    "translation": ("empty", {1}),
    "chat": ("empty", set()),
    "pronunciation": ("wrong", {0, 2}),
    "music": ("empty", {1}),
}
ORDERED = {
    "classification": ("least sure", 1),
    "image_classification": ("most sure", 0),
    "frame_classification": ("shortest input", 1),
    "tagging": ("most wrong tags", 0),
    "frame_tagging": ("shortest input", 1),
    "captioning": ("lowest chrF", 0),
    "description": ("highest chrF", 1),
    "translation": ("lowest chrF", 1),
    "chat": ("longest input", 1),
    "pronunciation": ("longest input", 0),
    "music": ("most nats", 0),
    "regression": ("largest error", 1),
    "forecasting": ("smallest error", 1),
    "language_modeling": ("most surprising", 1),
}
"""An order, and the place of the row that comes first."""


class Opened(NamedTuple):
    """A report of a task in the browser."""

    task: str
    page: "Page"

    @property
    def period(self) -> int:
        return len(PREDICTIONS[self.task])

    @property
    def count(self) -> str:
        return self.page.locator("#row-count").inner_text()

    def places(self) -> set[int]:
        """The places in `PREDICTIONS` of all rows found, which are checked to be all of these."""
        more = self.page.locator("#more-rows")
        while more.is_visible():
            more.click()
        texts = self.page.locator("#row-list > li").all_inner_texts()
        indices = [int(text.rsplit("row\u00a0", 1)[1]) for text in texts]
        places = {index % self.period for index in indices}
        assert indices == [index for index in range(TIMES * self.period) if index % self.period in places]
        return places


@pytest.fixture(scope="module", params=PREDICTIONS)
def opened_report(
    request: pytest.FixtureRequest, browser: "Browser", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    rows = [{**row, "index": place} for place, row in enumerate(PREDICTIONS[request.param] * TIMES)]
    run_dir = write_run(tmp_path_factory.mktemp("runs"), request.param, predictions=rows)
    page, wrong = opened(browser, write_report(run_dir))
    yield Opened(request.param, page)
    assert wrong == []
    page.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def report(request: pytest.FixtureRequest, opened_report: Opened) -> Opened:
    """The report from the start, on a screen of this size."""
    page = opened_report.page
    page.set_viewport_size(request.param)
    page.locator("[name=order]").select_option("by row")
    if page.locator("#all-rows").is_visible():
        page.locator("#all-rows").click()
    return opened_report


def test_it_fits_the_screen(report: Opened) -> None:
    widths = report.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page is wider than the screen"


@pytest.mark.parametrize("report", [DESKTOP], ids=["desktop"], indirect=True)
def test_nothing_keeps_readers_out(report: Opened) -> None:
    # A card of each row is enough, and quicker.
    cards = report.page.locator("#row-list > li")
    cards.evaluate_all("(cards, kept) => cards.slice(kept).forEach((card) => card.remove())", report.period)
    assert barriers(report.page) == []


def test_a_search_narrows_the_rows(report: Opened) -> None:
    search = report.page.get_by_role("searchbox")
    assert search.count() == (report.task not in UNSEARCHED)
    if report.task not in UNSEARCHED:
        query, place = QUERIES[report.task]
        search.fill(query)
        assert report.count.startswith(f"{TIMES} of {TIMES * report.period} rows")
        assert report.places() == {place}
        search.fill("no such words")
        assert report.count.startswith("0 of ")


def test_a_filter_keeps_its_rows(report: Opened) -> None:
    answers = report.page.locator("[name=outcome]")
    assert answers.count() == (report.task in FILTERED)
    if report.task in FILTERED:
        title, places = FILTERED[report.task]
        answers.select_option(title)
        assert report.places() == places


def test_an_order_brings_its_row_first(report: Opened) -> None:
    title, place = ORDERED[report.task]
    report.page.locator("[name=order]").select_option(title)
    first = report.page.locator("#row-list > li").first.inner_text()
    assert int(first.rsplit("row\u00a0", 1)[1]) == place


def test_more_rows_are_shown_on_demand(report: Opened) -> None:
    more, rows = report.page.locator("#more-rows"), report.page.locator("#row-list > li")
    total = TIMES * report.period
    assert rows.count() == 25
    more.focus()
    report.page.keyboard.press("Enter")
    assert rows.count() == min(50, total)
    assert rows.nth(25).evaluate("row => row === document.activeElement")
    assert more.is_visible() == (total > 50)


@pytest.mark.parametrize("opened_report", LABELLED, indirect=True)
def test_a_confusion_opens_its_rows(report: Opened) -> None:
    buttons = report.page.locator("td[data-reference] button")
    assert buttons.count() == sum(map(bool, report.page.locator("td[data-reference]").all_inner_texts()))
    for button in buttons.all():
        cell = button.locator("..")
        pair = cell.get_attribute("data-reference"), cell.get_attribute("data-prediction")
        times = int(button.inner_text())
        button.focus()
        report.page.keyboard.press("Enter")
        expected, found = set(), 0
        for place, row in enumerate(PREDICTIONS[report.task]):
            steps = [row[name] if isinstance(row[name], list) else [row[name]] for name in ("reference", "prediction")]
            hits = list(zip(*steps, strict=True)).count(pair)
            found += hits * TIMES
            expected |= {place} if hits else set()
        assert times == found
        assert report.places() == expected
        if "tagging" in report.task:
            assert report.count.endswith(f", {times} {'tokens' if report.task == 'tagging' else 'frames'}")
            assert report.page.locator(".hit").count() >= report.page.locator("#row-list > li").count()
        assert report.page.evaluate("document.activeElement.id") == "rows"
        assert (
            report.page.locator("#rows-title").evaluate("title => title.getBoundingClientRect().top")
            < DESKTOP["height"]
        )


@pytest.mark.parametrize("opened_report", ["translation"], indirect=True)
def test_words_that_differ_are_marked(report: Opened) -> None:
    first = report.page.locator("#row-list > li").first
    assert first.locator("mark").all_inner_texts() == ["Continue ici."]
    assert first.locator("u").all_inner_texts() == ["Continue."]


@pytest.mark.parametrize("opened_report", ["translation"], indirect=True)
def test_charts_and_attention_say_what_is_under_the_pointer(report: Opened) -> None:
    report.page.locator(".attention td[data-tip]").first.hover()
    assert report.page.locator("#tip").inner_text() == "Va ← Go: 0.90"
    report.page.locator("[data-chart=by_length] .mark-symbol path").first.hover()
    tip = report.page.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    assert "rows" in tip.inner_text()


@pytest.mark.parametrize("task", SHAPES)
def test_no_script_of_the_data_runs(browser: "Browser", tmp_path: Path, task: str) -> None:
    page, wrong = opened(browser, write_report(write_attacked_run(tmp_path, task)))
    for each in page.locator("details:not([open]) > summary").all():
        if each.is_visible():
            each.click()
    for button in page.locator("td[data-reference] button").all():
        button.click()
    for field in page.locator("input[type=search], input[type=text]").all():
        field.fill(ATTACK)
    assert wrong == []
    assert not page.locator("img[onerror]").count()
    page.close()


def test_a_report_reads_well_without_scripts(browser: "Browser", tmp_path: Path) -> None:
    path = write_report(write_run(tmp_path, "classification"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("td.wrong").first.inner_text() == "1"
    assert "needs JavaScript" in page.locator("#rows").inner_text()
    assert not any(each.is_visible() for each in page.locator("input, select, button").all())
    context.close()
