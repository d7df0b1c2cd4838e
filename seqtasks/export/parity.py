"""Whether an exported model answers as its run does: both answer the same rows, and the answers are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import Batch
from seqtasks.errors import ExportError
from seqtasks.metrics.score import Score
from seqtasks.prediction import Prediction
from seqtasks.predictor import Predictor
from seqtasks.runtime import ExportedModel
from seqtasks.tasks.examples import values

LARGEST_DIFFERENCE = 1e-3
"""Of a logit, a standardised number or a log-probability, in float32; a larger one is a mistake, not rounding."""

_TIES = 0.01
"""Share of rows whose two best answers may lie so close that rounding chooses between them."""

_TOLERANCES = {"0-1": 0.01, "BLEU": 1.0, "chrF": 1.0}
_RELATIVE_TOLERANCE = 0.05
"""Share of an error by which it may grow; for scores in units of the data there is no other measure."""


@dataclass(frozen=True)
class Parity:
    """How alike the answers are.

    Attributes:
        rows: how many were answered.
        equal_answers: share of rows with the same answer.
        largest_difference: of a logit, a standardised number, or the log-probability of a text.
        score: name and unit of the task's main score, and its value with either.
        tolerance: by how much the score may be worse, in its unit; None in float32.
    """

    rows: int
    equal_answers: float
    largest_difference: float
    score: dict[str, Any]
    tolerance: float | None


def compare(predictor: Predictor, exported: ExportedModel, rows: Dataset, *, tolerance: float | None) -> Parity:
    """Let both answer the rows.

    Args:
        predictor: of the run, on the CPU.
        exported: the same model, exported.
        rows: with the right answers.
        tolerance: by how much the score may be worse; None: the default of its unit.
    """
    task = predictor.task
    inputs = list(rows[task.reader.role])
    ours, theirs = predictor.predict_with_details(inputs), exported.predict_with_details(inputs)
    if exported.manifest.answer["kind"] == "text":
        differences = _text_differences(ours, theirs)
    else:
        differences = _logit_differences(predictor, exported, inputs)
    if exported.manifest.answer["kind"] in ("number", "series"):
        equal = differences <= LARGEST_DIFFERENCE  # numbers are rounded before they are shown
    else:
        equal = np.array([our == their for our, their in zip(values(ours), values(theirs), strict=True)])
    torch_score, onnx_score = (task.score(rows, answers, intervals=False)[0] for answers in (ours, theirs))
    return Parity(
        rows=len(rows),
        equal_answers=float(equal.mean()),
        largest_difference=float(differences.max(initial=0.0)),
        score={
            "name": torch_score.name,
            "unit": torch_score.unit,
            "higher_is_better": torch_score.higher_is_better,
            "torch": torch_score.value,
            "onnx": onnx_score.value,
        },
        tolerance=_default_tolerance(torch_score) if tolerance is None else tolerance,
    )


def check_equal(parity: Parity) -> None:
    """Refuse a float32 export that is not its run.

    Raises:
        ExportError: an answer or a number differs by more than rounding does.
    """
    if parity.equal_answers < 1.0 - _TIES or not parity.largest_difference <= LARGEST_DIFFERENCE:
        raise ExportError(
            f"parity: {parity.equal_answers:.2%} of {parity.rows} rows are answered alike, and numbers differ by up to "
            f"{parity.largest_difference:.2g}; expected all but ties, and {LARGEST_DIFFERENCE:g} at most; nothing was "
            "exported: this is a fault of seqtasks or onnxruntime, please report it"
        )


def check_score(parity: Parity) -> None:
    """Refuse a quantised export that answers much worse.

    Raises:
        ExportError: the score is worse by more than the tolerance.
    """
    score = parity.score
    loss = (score["torch"] - score["onnx"]) * (1 if score["higher_is_better"] else -1)
    if parity.tolerance is not None and not loss <= parity.tolerance:
        raise ExportError(
            f"parity: {score['name']} of {parity.rows} rows is {score['onnx']:.4g} after quantisation and "
            f"{score['torch']:.4g} before; expected to lose {parity.tolerance:.4g} at most; nothing was exported: "
            "raise --tolerance, or leave --int8 out"
        )


def _default_tolerance(score: Score) -> float:
    return _TOLERANCES.get(score.unit, _RELATIVE_TOLERANCE * abs(score.value))


def _text_differences(ours: Sequence[Prediction], theirs: Sequence[Prediction]) -> NDArray[np.float64]:
    """Of the log-probabilities. Texts that differ may have equal ones: then the search met a tie."""
    return np.array(
        [abs(our.details["score"] - their.details["score"]) for our, their in zip(ours, theirs, strict=True)]
    )


@torch.inference_mode()
def _logit_differences(predictor: Predictor, exported: ExportedModel, inputs: Sequence[Any]) -> NDArray[np.float64]:
    """The largest of each row, relative where a logit is above 1; padding is not compared."""
    task, examples, encoded = predictor.task, predictor.task.encode_inputs(inputs), exported.read(inputs)
    differences = np.zeros(len(inputs))
    for rows in exported.batches(encoded):
        batch = task.collate(examples, rows)
        ours = predictor.model(Batch(batch.inputs)).logits.numpy()
        theirs = exported.networks["model"](encoded.feed(rows))["logits"]
        found = np.abs(ours - theirs) / np.maximum(1.0, np.abs(ours))
        if found.ndim == 3:
            real = np.arange(found.shape[1]) < encoded.lengths[rows][:, None]
            found = np.where(real[..., None], found, 0.0)
        differences[rows] = found.reshape(len(rows), -1).max(axis=1)
    return differences
