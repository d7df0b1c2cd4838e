"""Reports as Chromium sees them: nothing goes wrong, nothing leaves the page, no script of the data's runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from report_runs import ATTACK, PREDICTIONS, SHAPES, write_attacked_run, write_run

from seqtasks.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


def opened(browser: "Browser", path: Path) -> "tuple[Page, list[str]]":
    """A page whose charts are drawn, and all that went wrong or asked for something outside."""
    wrong: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((path.as_uri(), "data:")) else None,
    )
    page.goto(path.as_uri())
    page.wait_for_function("document.querySelectorAll('[data-chart]:not(:has(svg, canvas))').length === 0")
    return page, wrong


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
