"""Small run directories of all four tasks, as `seqtasks run` leaves them."""

import json
from pathlib import Path
from typing import Any

from seqtasks.metrics.score import Score

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PREDICTIONS: dict[str, list[dict[str, Any]]] = {
    "classification": [
        {"input": "a fine film", "reference": "good", "prediction": "good", "probability": 0.9, "length": 3},
        {"input": "dull", "reference": "bad", "prediction": "good", "probability": 0.6, "length": 1},
        {"input": "not bad at all", "reference": "good", "prediction": "bad", "probability": 0.8, "length": 4},
    ],
    "tagging": [
        {
            "input": ["dogs", "bark", "loudly"],
            "reference": ["NOUN", "VERB", "ADV"],
            "prediction": ["NOUN", "NOUN", "ADV"],
            "unknown": [False, True, False],
            "length": 3,
        },
        {"input": ["go"], "reference": ["VERB"], "prediction": ["VERB"], "unknown": [False], "length": 1},
    ],
    "captioning": [
        {"input": PIXEL, "reference": ["red square"], "prediction": "red circle", "score": -1.0, "length": 2},
        {"input": PIXEL, "reference": ["blue square"], "prediction": "blue square", "score": -0.1, "length": 2},
    ],
    "translation": [
        {"input": "Go on.", "reference": ["Continue."], "prediction": "Continue ici.", "score": -2.0, "length": 2},
        {"input": "Yes", "reference": ["Oui", "Si"], "prediction": "", "score": None, "length": 1},
    ],
}
PRIMARY = {"classification": "accuracy", "tagging": "accuracy", "captioning": "chrf", "translation": "chrf"}
LOG = [
    {"event": "train", "step": 1, "epoch": 0.5, "loss": 2.0, "learning_rate": 1e-3, "grad_norm": 1.0, "seconds": 1.0},
    {"event": "eval", "step": 2, "epoch": 1.0, "scores": {"loss": 1.5, "accuracy": 0.5}, "best": True, "seconds": 2.0},
    {"event": "end", "step": 2, "best_step": 2, "metric": "accuracy", "reason": "max_steps", "seconds": 2.0},
]


def a_score(name: str, value: float, *, low: float | None = None, high: float | None = None) -> Score:
    """A score of 100 rows; TER is the one that should be low."""
    unit = {"chrf": "chrF", "ter": "TER"}.get(name, "0-1")
    return Score(name, value, unit, name != "ter", f"{name}|signature", "100 rows", low, high)


def write_run(directory: Path, task: str, **replaced: Any) -> Path:
    """Write the run directory of a task; keywords replace whole files, None leaves one out."""
    primary = PRIMARY[task]
    value, scale = (0.8, 1) if primary == "accuracy" else (80.0, 100)
    score = a_score(primary, value, low=value - 0.1 * scale, high=value + 0.1 * scale)
    split = {"rows": 100, "tokens": 300, "mean_length": 3.0, "max_length": 4, "lengths": [[1, 40], [3, 60]]}
    contents: dict[str, Any] = {
        "environment": {
            "format_version": 1,
            "seqtasks": "0.1.0",
            "python": "3.11",
            "torch": "2.6",
            "platform": "Linux",
            "device": "cpu",
            "command": f"seqtasks run {task}.yaml",
            "started": "2026-01-02T03:04:05",
        },
        "data": {
            "dataset": {"path": "catalog/small", "title": "Small set", "licence": "CC0"},
            "splits": {"train": split, "test": split},
            "duplicates": {"test": 0},
            "labels": {"train": {"good": 60, "bad": 40}, "test": {"good": 2, "bad": 1}},
            "parameters": 1234,
        },
        "scores": {
            "primary": primary,
            "test": {
                "scores": [score.to_dict()],
                "baselines": {"a guess": [a_score(primary, value / 2).to_dict()]},
            },
        },
        "attention": [
            {"index": 0, "source": ["▁Go", "</s>"], "target": ["▁Va", "</s>"], "weights": [[0.9, 0.1], [0.2, 0.8]]}
        ]
        if task == "translation"
        else None,
        "predictions": [{"index": index, **row} for index, row in enumerate(PREDICTIONS[task])],
        "log": LOG,
    } | replaced
    run_dir = directory / task
    run_dir.mkdir()
    (run_dir / "recipe.yaml").write_text(f"# resolved\ntask: {task}\n", encoding="utf-8")
    for name, content in contents.items():
        if content is not None and name in ("predictions", "log"):
            lines = "".join(json.dumps(line) + "\n" for line in content)
            (run_dir / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        elif content is not None:
            (run_dir / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return run_dir
