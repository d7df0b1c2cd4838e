"""`manifest.json`: what an exported folder holds. Its fields are described in docs/export.md."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from seqtasks.errors import ExportError
from seqtasks.files import write_json

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
"""Its name; a folder without it is no export."""


@dataclass(frozen=True)
class Manifest:
    """What an exported folder holds.

    Attributes:
        task: of the recipe, such as `tagging`.
        role: what an input is to the task, such as `tokens`.
        column: its name in the data that the model was trained on.
        input: `kind` and settings of what is read; see `seqtasks.runtime.inputs`.
        answer: `kind` and settings of what is answered; see `seqtasks.runtime.model`.
        networks: the file of each network.
        files: SHA-256 of every file beside the manifest.
        tokens_per_batch: budget of padded steps.
        export: how it was made and what was measured then; read by people alone.
        format_version: of the folder.
    """

    task: str
    role: str
    column: str
    input: dict[str, Any]
    answer: dict[str, Any]
    networks: dict[str, str]
    files: dict[str, str]
    tokens_per_batch: int
    export: dict[str, Any]
    format_version: int = FORMAT_VERSION

    def write(self, folder: Path) -> None:
        """Write `manifest.json`."""
        write_json(folder / MANIFEST, {"format_version": self.format_version, **asdict(self)})

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read `manifest.json` and check that all files are those that were exported.

        Raises:
            ExportError: the folder is not there, damaged or of another version.
        """
        path = folder / MANIFEST
        expected = "expected a folder that `seqtasks export` wrote; export the run again"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version = content["format_version"]
        except FileNotFoundError:
            raise ExportError(f"{path}: there is no such file; {expected}, or check the path") from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ExportError(f"{path}: cannot be read ({error}); {expected}") from None
        if version != FORMAT_VERSION:
            raise ExportError(
                f"{path}: has export format {version}; expected {FORMAT_VERSION}; export the run again, or read it "
                "with the version of seqtasks that wrote it"
            )
        try:
            manifest = cls(**content)
            damaged = [name for name, digest in manifest.files.items() if digest != fingerprint(folder / name)]
        except (OSError, TypeError, AttributeError) as error:
            raise ExportError(f"{path}: {error}; {expected}") from None
        if damaged:
            raise ExportError(f"{folder / damaged[0]}: is not the file that was exported; {expected}")
        return manifest


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
