"""The page as Chromium sees it: nothing goes wrong or leaves it, it fits a phone, no script of the data's runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from compared_runs import write_pair
from opened_page import PHONE, barriers, opened
from report_runs import ATTACK, PREDICTIONS, SHAPES, write_attacked_run

from seqtasks.compare import compare_runs
from seqtasks.compare.page import write_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("task", PREDICTIONS)
def test_a_page_of_each_task(browser: "Browser", tmp_path: Path, task: str) -> None:
    path = tmp_path / "compare.html"
    write_page(path, compare_runs(write_pair(tmp_path, task, times=5)), command="seqtasks compare A B")
    page, wrong = opened(browser, path)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "the page is wider than the screen"
    if task in ("classification", "tagging", "translation"):  # the others have no parts of their own, and it takes long
        assert barriers(page) == []
    assert wrong == []
    page.close()


@pytest.mark.parametrize("task", SHAPES)
def test_no_script_of_the_data_runs(browser: "Browser", tmp_path: Path, task: str) -> None:
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        write_attacked_run(tmp_path / name, task).rename(tmp_path / name / f"{name}<img src=x onerror=alert(1)>")
    path = tmp_path / "compare.html"
    write_page(path, compare_runs([next((tmp_path / name).iterdir()) for name in ("A", "B")]), command=ATTACK)
    page, wrong = opened(browser, path)
    page.locator("details > summary").click()
    assert wrong == []
    assert not page.locator("img[onerror]").count()
    page.close()
