"""One trained run of each task, for all tests of the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_tasks import TASKS, seqtasks, write_data, write_recipe


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder with the data of each task under `data/`, recipes, and later `runs/`."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasets.config.HF_DATASETS_CACHE", folder / "cache")
        for task in TASKS:
            write_recipe(folder, task, write_data(folder / "data" / task, task))
        yield folder


@pytest.fixture(scope="session")
def runs(home: Path) -> dict[str, Path]:
    """A trained run of each task, made by `seqtasks run`; what it printed lies beside it in TASK.txt."""
    found = {}
    for task in TASKS:
        found[task] = home / "runs" / task
        result = seqtasks("run", home / f"{task}.yaml", "--output", found[task])
        assert result.exit_code == 0, result.output
        (home / "runs" / f"{task}.txt").write_text(result.output)
    return found
