"""The run directory: the only thing that passes between training, prediction, report and comparison.

Its files are listed in docs/run-directory.md. `environment.json` is written first and carries the version of
the format, so a reader knows at once whether it understands the rest.
"""

import os
import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from seqtasks.checksums import SUMS, check_checksums, write_checksums
from seqtasks.errors import RunError
from seqtasks.files import read_json, write_json, write_text
from seqtasks.lock import LOCK, is_free
from seqtasks.recipe import Recipe, dump_recipe, load_recipe

FORMAT_VERSION = 1
PACKAGES = ("datasets", "tokenizers", "accelerate", "sacrebleu", "seqeval", "scikit-learn", "numpy")

_REWRITTEN = {"report.html", "report.md", "verify.json"}
_RESULTS = {
    "log.jsonl",
    "model.safetensors",
    "predictions.jsonl",
    "attention.json",
    "frequencies.json",
    "intervals.json",
    "scores.json",
}


@dataclass(frozen=True)
class RunDirectory:
    """A directory with the files of one run.

    Attributes:
        path: of the directory.
    """

    path: Path

    @classmethod
    def check_free(cls, path: Path, recipe: Recipe, *, resume: bool, overwrite: bool) -> None:
        """Refuse a path at which `create` would refuse to begin; nothing is changed.

        Raises:
            RunError: something is there and neither flag allows it, or it is not what the flag expects.
        """
        if not path.exists() or (path.is_dir() and is_free(path)):
            return
        if not (path / "environment.json").exists():
            raise RunError(
                f"{path}: is not empty and not a run directory; expected a new or empty directory; "
                "choose another with --output"
            )
        if resume:
            directory = cls.open(path)
            if (path / "recipe.yaml").exists():
                directory._check_same_recipe(recipe)
        elif not overwrite:
            raise RunError(
                f"{path}: there is a run already; expected a new directory; "
                "add --resume to go on with it, --overwrite to replace it, or choose another with --output"
            )

    @classmethod
    def create(cls, path: Path, recipe: Recipe, *, command: str, resume: bool, overwrite: bool) -> "RunDirectory":
        """Begin a run, or go on with one.

        Args:
            path: of the directory; made with its parents.
            recipe: stored fully resolved.
            command: how to repeat the run.
            resume: go on with what is there, if it is a run of the same recipe.
            overwrite: delete what is there, if it is a run.

        Raises:
            RunError: something is there and neither flag allows it, or it is not what the flag expects.
        """
        cls.check_free(path, recipe, resume=resume, overwrite=overwrite)
        if (path / "environment.json").exists():
            if resume and (path / "recipe.yaml").exists():
                return cls(path)
            _clear(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(
                f"{path}: cannot be made ({error.strerror}); expected a writable place; choose another with --output"
            ) from None
        write_json(path / "environment.json", _environment(command))
        write_text(path / "recipe.yaml", dump_recipe(recipe))
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> "RunDirectory":
        """An existing run.

        Raises:
            RunError: there is none, it is damaged, or another version of seqtasks wrote it.
        """
        if not path.is_dir():
            raise RunError(
                f"{path}: there is no such run directory; expected what `seqtasks run` wrote, or USER/NAME on the Hub; "
                "check the path"
            )
        environment = read_json(path / "environment.json")
        found = environment.get("format_version") if isinstance(environment, dict) else None
        if found != FORMAT_VERSION:
            raise RunError(
                f"{path}: has run format {found}; expected {FORMAT_VERSION}; "
                "read it with the version of seqtasks that wrote it (environment.json), or run its recipe again"
            )
        check_checksums(path)
        return cls(path)

    def seal(self, *, finished: bool) -> None:
        """Note what the files hold that are there now, so that damage is seen; while a run goes on, not its results."""
        kept = {path.name for path in self.path.iterdir() if path.is_file() and not path.name.startswith(".")}
        write_checksums(self.path, kept - {SUMS, *_REWRITTEN} - (set() if finished else _RESULTS))

    @property
    def recipe(self) -> Recipe:
        """The resolved recipe of the run."""
        return load_recipe(self.path / "recipe.yaml")

    def _check_same_recipe(self, recipe: Recipe) -> None:
        if self.recipe != recipe:
            stored, given = dump_recipe(self.recipe).splitlines(), dump_recipe(recipe).splitlines()
            changed = next((line.strip() for line in given if line not in stored), "a field less")
            raise RunError(
                f"{self.path}: the given recipe differs from the one that the run began with ({changed}); "
                "expected the same; drop the change, or start anew with --overwrite or another --output"
            )


def _clear(path: Path) -> None:
    """Delete a run but for `environment.json`, by which what is left is known as one; first what makes it one."""
    (path / "recipe.yaml").unlink(missing_ok=True)
    for entry in path.iterdir():
        if entry.name in (LOCK, "environment.json"):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _environment(command: str) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "seqtasks": _version("seqtasks"),
        "python": platform.python_version(),
        "torch": _version("torch"),
        "packages": {package: _version(package) for package in PACKAGES},
        "platform": platform.platform(),
        "cpu_count": os.cpu_count(),
        **_hardware(),
        "command": command,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _hardware() -> dict[str, Any]:
    import torch  # here, because reading a run directory needs none

    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return {"device": str(accelerator or "cpu"), "threads": torch.get_num_threads()}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
