"""Pairs of small run directories with the same test rows, whose scores are those of their predictions."""

import json
from pathlib import Path
from typing import Any

from report_runs import PREDICTIONS, write_run

from seqtasks.compare.statistics import row_statistics
from seqtasks.report.run_files import read_run

CHANGED: dict[str, dict[str, Any]] = {
    "classification": {"prediction": "bad"},
    "image_classification": {"prediction": "1"},
    "frame_classification": {"prediction": "two"},
    "tagging": {"prediction": ["NOUN", "VERB", "ADV"]},
    "frame_tagging": {"prediction": ["walking"] * 5},
    "captioning": {"prediction": "red square"},
    "description": {"prediction": "Blue Spice is French."},
    "translation": {"prediction": "Continue."},
    "chat": {"prediction": "Hello to you."},
    "pronunciation": {"prediction": "F OW N"},
    "music": {"nats": 80.0},
    "regression": {"prediction": 1.0},
    "forecasting": {"prediction": [2.0, 1.5]},
    "language_modeling": {"prediction": 30.0},
}
"""What another run says of the first row of `report_runs.PREDICTIONS`: something better for all but one or two."""


def write_pair(directory: Path, task: str, *, times: int = 1, other: dict[str, Any] | None = None) -> list[Path]:
    """Runs A and B of a task, whose rows are repeated `times`; `other` is what B says of the first of them."""
    found = []
    for name, changed in (("A", {}), ("B", CHANGED[task] if other is None else other)):
        (directory / name).mkdir()
        rows = [row | (changed if not place else {}) for place, row in enumerate(PREDICTIONS[task])] * times
        run_dir = write_run(
            directory / name, task, predictions=[{"index": index, **row} for index, row in enumerate(rows)], log=None
        )
        found.append(run_dir.rename(directory / name / f"run_{name}"))
        rewrite_scores(found[-1])
    return found


def rewrite_scores(run_dir: Path, *more_labels: str, **changed: Any) -> None:
    """Put the scores of its predictions into a run's `scores.json`; keywords change fields of each.

    Macro F1 is over the labels of its rows, of its `data.json`, and `more_labels`.
    """
    run = read_run(run_dir)
    content = json.loads((run_dir / "scores.json").read_text())
    labels = {str(label) for row in run.predictions for label in (row.reference, row.prediction)}
    found = row_statistics(run, run_dir, labels=sorted(labels | {"good", "bad", *more_labels}))
    scores = [each.to_score(intervals=False).to_dict() | changed for each in found.values()] or content["test"][
        "scores"
    ]
    content |= {"primary": scores[0]["name"], "test": {"scores": scores}}
    (run_dir / "scores.json").write_text(json.dumps(content))
