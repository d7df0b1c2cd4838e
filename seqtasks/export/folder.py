"""A run to an exported folder: networks, the files that reading and answering need, and a manifest."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset

from seqtasks.errors import ExportError
from seqtasks.export.latency import THREADS, latencies, single_threaded
from seqtasks.export.networks import networks
from seqtasks.export.parity import check_equal, check_score, compare
from seqtasks.export.quantization import quantize
from seqtasks.export.settings import answer_settings, input_settings
from seqtasks.heads import CRFTaggingHead
from seqtasks.input_lines import InputField
from seqtasks.predictor import Predictor, load
from seqtasks.runtime import load as load_exported
from seqtasks.runtime.manifest import MANIFEST, Manifest, fingerprint
from seqtasks.runtime.viterbi import Chain
from seqtasks.share.fetch import find_run
from seqtasks.tasks.rows import load_test_rows

ROWS = 256
"""Test rows that both answer, at most, evenly spread."""

_PACKAGES = ("seqtasks", "torch", "onnx", "onnxruntime", "numpy", "tokenizers")


def export(
    run: Path, output: Path, *, int8: bool = False, tolerance: float | None = None, overwrite: bool = False
) -> Manifest:
    """Export a run and check the result against it.

    Args:
        run: the run directory, or its name on the Hub.
        output: the folder to write; it appears when all checks have passed.
        int8: quantise the weights to 8 bits.
        tolerance: by how much the main score may then be worse, in its unit; None: 0.01 of scores in 0-1, 1 point of
            BLEU and chrF, 5% of errors.
        overwrite: replace an earlier export.

    Returns:
        The manifest; its `export` holds what was measured.

    Raises:
        ExportError: something of the run has no counterpart, or the export answers otherwise than the run.
        SeqtasksError: run, data or output do not allow it.
    """
    _check_free(output, overwrite=overwrite)
    run = find_run(run)
    predictor = load(run)
    predictor.model.cpu()
    answer_settings(predictor.task)  # refuses a task before its data is loaded
    rows = _spread(load_test_rows(type(predictor.task), predictor.task.recipe))
    with _replacing(output) as folder:
        manifest = write_folder(predictor, folder, int8=int8)
        manifest.export.update(_measured(predictor, run, folder, rows, int8=int8, tolerance=tolerance))
        manifest.write(folder)
    return manifest


def write_folder(predictor: Predictor, folder: Path, *, int8: bool = False) -> Manifest:
    """Write networks, the files that reading and answering need, and the manifest, without any check.

    Args:
        predictor: of the run, on the CPU.
        folder: empty.
        int8: quantise the weights to 8 bits.

    Raises:
        ExportError: something has no counterpart.
    """
    task, head = predictor.task, predictor.model.head
    field = InputField.of(task.recipe)
    answer, read, written = answer_settings(task), input_settings(task), networks(predictor.model)
    task.save(folder)
    if isinstance(head, CRFTaggingHead):
        Chain(*(part.detach().numpy() for part in head.scores())).save(folder / "crf.json")
    for name, network in written.items():
        if int8:
            quantize(network, folder / f"{name}.onnx")
        else:
            (folder / f"{name}.onnx").write_bytes(network.SerializeToString())
    manifest = Manifest(
        task=task.name,
        role=field.role,
        column=field.column,
        input=read,
        answer=answer,
        networks={name: f"{name}.onnx" for name in written},
        files={path.name: fingerprint(path) for path in sorted(folder.iterdir())},
        tokens_per_batch=4 * task.recipe.train.tokens_per_batch,
        export={},
    )
    manifest.write(folder)
    return manifest


def _measured(
    predictor: Predictor, run: Path, folder: Path, rows: Dataset, *, int8: bool, tolerance: float | None
) -> dict[str, Any]:
    """How it was made, and how it compares with the run.

    Raises:
        ExportError: it answers otherwise than the run.
    """
    exported = load_exported(folder, threads=THREADS)
    parity = compare(predictor, exported, rows, tolerance=tolerance)
    if int8:
        check_score(parity)
    else:
        check_equal(parity)
    with single_threaded():
        times = latencies(predictor, exported, list(rows[predictor.task.reader.role]))
    networks_size = sum((folder / file).stat().st_size for file in exported.manifest.networks.values())
    return {
        "weights": "int8" if int8 else "float32",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "packages": {package: version(package) for package in _PACKAGES},
        "parity": asdict(parity) if int8 else asdict(parity) | {"tolerance": None},
        "megabytes": {
            "torch": round((run / "model.safetensors").stat().st_size / 1e6, 3),
            "onnx": round(networks_size / 1e6, 3),
        },
        "threads": THREADS,
        "latency": times,
    }


def _spread(rows: Dataset) -> Dataset:
    """At most `ROWS` of the rows, evenly spread."""
    return rows.select(np.unique(np.linspace(0, len(rows) - 1, min(ROWS, len(rows))).astype(np.int64)))


def _check_free(output: Path, *, overwrite: bool) -> None:
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not (output / MANIFEST).exists():
        raise ExportError(
            f"{output}: is not empty and not an exported folder; expected a new or empty folder; choose another with "
            "--output"
        )
    if not overwrite:
        raise ExportError(
            f"{output}: there is an export already; expected a new folder; add --overwrite to replace it, or choose "
            "another with --output"
        )


@contextmanager
def _replacing(output: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `output`; rename it if the block succeeds, remove it if not."""
    temporary = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        if output.exists():
            shutil.rmtree(output)
        temporary.rename(output)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
