"""Set up before anything imports torch."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Tiny models gain nothing from threads, and results are compared bit for bit on one CPU configuration.
os.environ["OMP_NUM_THREADS"] = "1"


FIGURES: list[str] = []


@pytest.fixture
def report() -> Callable[[str], None]:
    """Say a figure at the end of the tests, such as how many cases were tried."""
    return FIGURES.append


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium without a window; tests that need it are left out where it is not installed."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no chromium or google-chrome on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])  # root has no sandbox
        yield running
        running.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("figures")
    for figure in FIGURES:
        terminalreporter.write_line(figure)
