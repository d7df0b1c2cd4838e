"""Set up before anything imports torch."""

import os
from collections.abc import Callable

import pytest

# Tiny models gain nothing from threads, and results are compared bit for bit on one CPU configuration.
os.environ["OMP_NUM_THREADS"] = "1"


FIGURES: list[str] = []


@pytest.fixture
def report() -> Callable[[str], None]:
    """Say a figure at the end of the tests, such as how many cases were tried."""
    return FIGURES.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("figures")
    for figure in FIGURES:
        terminalreporter.write_line(figure)
