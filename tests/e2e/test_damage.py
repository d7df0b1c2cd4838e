"""A damaged file of a run is named, whatever has happened to it, and nothing else is touched."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_tasks import seqtasks

from seqtasks.errors import RunError
from seqtasks.predictor import load
from seqtasks.report import write_report

FITTED = ["environment.json", "recipe.yaml", "data.json", "tokenizer.json", "labels.json"]
RESULTS = ["frequencies.json", "log.jsonl", "model.safetensors", "predictions.jsonl", "scores.json"]
FLIPS = 12
"""Of one bit each, in each file."""


def _truncated(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def _flipped(content: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << draw.randrange(8))]) + content[place + 1 :]


DAMAGE: list[Callable[[bytes, random.Random], bytes]] = [
    lambda content, draw: b"",
    _truncated,
    lambda content, draw: content + b"\n",
    *[_flipped] * FLIPS,
]


@pytest.fixture
def run(runs, tmp_path) -> Path:
    return shutil.copytree(runs["classification"], tmp_path / "run")


def _state(run: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in run.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", [*FITTED, *RESULTS])
def test_every_file_of_a_finished_run(name, run):
    draw, whole = random.Random(name), (run / name).read_bytes()
    assert set(FITTED) | set(RESULTS) == {line.split()[1] for line in (run / "SHA256SUMS").read_text().splitlines()}
    for damage in DAMAGE:
        (run / name).write_bytes(damage(whole, draw))
        before = _state(run)
        for use in (load, write_report):
            with pytest.raises(RunError, match=name.replace(".", r"\.")):
                use(run)
        assert _state(run) == before
    (run / name).unlink()
    for use in (load, write_report):
        with pytest.raises(RunError, match=name.replace(".", r"\.")):
            use(run)


def test_damaged_checksums(run):
    for line in ("nothing", "0" * 64 + "  ../run/labels.json", "0" * 64 + "  /etc/passwd"):
        (run / "SHA256SUMS").write_text(line + "\n")
        with pytest.raises(RunError, match=r"SHA256SUMS:1: no checksum and file name"):
            load(run)
    (run / "SHA256SUMS").write_bytes(b"\xff")
    with pytest.raises(RunError, match="SHA256SUMS: cannot be read"):
        load(run)


def test_a_change_that_is_meant(run):
    (run / "recipe.yaml").write_text((run / "recipe.yaml").read_text() + "# mine\n")
    with pytest.raises(RunError, match=r"recipe\.yaml: is damaged or was changed, .* delete its line from SHA256SUMS"):
        load(run)
    lines = (run / "SHA256SUMS").read_text().splitlines(keepends=True)
    (run / "SHA256SUMS").write_text("".join(line for line in lines if "recipe.yaml" not in line))
    load(run)


@pytest.mark.parametrize("name", ["state.json", "step-*.safetensors", "weights-{best:08}.safetensors"])
def test_every_file_of_a_checkpoint(name, home, run):
    """Damage of the checkpoint is found by `--resume`; a run that has ended chooses its weights again."""
    best = json.loads((run / "checkpoints/state.json").read_text())["progress"]["best_step"]
    (path,) = (run / "checkpoints").glob(name.format(best=best))
    draw, whole = random.Random(name), path.read_bytes()
    for damage in (*DAMAGE[:2], _flipped, _flipped):
        path.write_bytes(damage(whole, draw))
        checkpoints = _state(run / "checkpoints")
        result = seqtasks("run", home / "classification.yaml", "--output", run, "--resume")
        assert result.exit_code == 2
        assert path.name in result.stderr
        assert _state(run / "checkpoints") == checkpoints
    path.write_bytes(whole)
    assert seqtasks("run", home / "classification.yaml", "--output", run, "--resume").exit_code == 0
