"""Reports as Chromium sees them: nothing goes wrong, nothing leaves the page, no script of the data's runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from opened_page import PHONE, opened
from report_runs import ATTACK, PREDICTIONS, SHAPES, write_attacked_run, write_run

from seqtasks.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("task", PREDICTIONS)
def test_a_report_of_each_task(browser: "Browser", tmp_path: Path, task: str) -> None:
    page, wrong = opened(browser, write_report(write_run(tmp_path, task)))
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "the page is wider than the screen"
    assert wrong == []
    page.close()


@pytest.mark.parametrize("task", SHAPES)
def test_no_script_of_the_data_runs(browser: "Browser", tmp_path: Path, task: str) -> None:
    page, wrong = opened(browser, write_report(write_attacked_run(tmp_path, task)))
    for each in page.locator("details:not([open]) > summary").all():
        if each.is_visible():
            each.click()
    for field in page.locator("input[type=search], input[type=text]").all():
        field.fill(ATTACK)
    assert wrong == []
    assert not page.locator("img[onerror]").count()
    page.close()
