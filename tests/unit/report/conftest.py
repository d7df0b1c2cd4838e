from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import report_runs


@pytest.fixture
def write_run(tmp_path: Path) -> Callable[..., Path]:
    """`report_runs.write_run` into the test's own directory."""
    return partial(report_runs.write_run, tmp_path)
