"""Small run directories of all tasks, as `seqtasks run` leaves them."""

import json
from pathlib import Path
from typing import Any

from seqtasks.metrics.score import Score
from seqtasks.report.predictions import PREDICTION_TYPES

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SHAKES = [[0.1, -1.0], [0.4, 2.0], [0.2, 0.5], [0.9, 1.5]]
SPECTRUM = [[float(frame * feature) for feature in range(8)] for frame in range(5)]
TUNE = "|:d2 f afd|g2 b bag|f2 a afd|e3 e2f|d2 f afd|g2 b bag|fgf edc|d3 d3:|"
PREDICTIONS: dict[str, list[dict[str, Any]]] = {
    "classification": [
        {"input": "a fine film", "reference": "good", "prediction": "good", "probability": 0.9, "length": 3},
        {"input": "dull", "reference": "bad", "prediction": "good", "probability": 0.6, "length": 1},
        {"input": "not bad at all", "reference": "good", "prediction": "bad", "probability": 0.8, "length": 4},
    ],
    "image_classification": [
        {"input": PIXEL, "reference": "7", "prediction": "7", "probability": 0.9, "length": 1},
        {"input": PIXEL, "reference": "1", "prediction": "7", "probability": 0.6, "length": 1},
    ],
    "frame_classification": [
        {"input": SPECTRUM, "reference": "one", "prediction": "one", "probability": 0.9, "length": 5},
        {"input": SPECTRUM[:3], "reference": "two", "prediction": "one", "probability": 0.6, "length": 3},
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
    "frame_tagging": [
        {
            "input": SHAKES,
            "reference": ["walking", "walking", "running", "running", "running"],
            "prediction": ["walking", "running", "running", "running", "walking"],
            "unknown": [False] * 5,
            "length": 5,
        },
        {"input": [], "reference": [], "prediction": [], "unknown": [], "length": 0},
    ],
    "captioning": [
        {"input": PIXEL, "reference": ["red square"], "prediction": "red circle", "score": -1.0, "length": 9},
        {"input": PIXEL, "reference": ["a blue square"], "prediction": "blue square", "score": -0.1, "length": 9},
    ],
    "description": [
        {
            "input": "name=Blue Spice, food=French",
            "reference": ["Blue Spice is French."],
            "prediction": "Blue Spice is.",
            "score": -1.0,
            "length": 9,
        },
        {"input": "food=French", "reference": ["It is French.", "French."], "prediction": "French.", "length": 9},
    ],
    "translation": [
        {"input": "Go on.", "reference": ["Continue."], "prediction": "Continue ici.", "score": -2.0, "length": 2},
        {"input": "Yes", "reference": ["Oui", "Si"], "prediction": "", "score": None, "length": 1},
    ],
    "chat": [
        {"input": "Hello.", "reference": ["Hello to you."], "prediction": "Hello.", "score": -1.0, "length": 2},
        {"input": "Who are you?", "reference": ["A program."], "prediction": "A cat.", "score": -1.0, "length": 3},
    ],
    "pronunciation": [
        {"input": "phone", "reference": ["F OW N"], "prediction": "F AH N", "score": -1.0, "length": 5},
        {"input": "a", "reference": ["AH", "EY"], "prediction": "EY", "score": -0.1, "length": 1},
        {"input": "cats", "reference": ["K AE T S"], "prediction": "K AE T", "score": -0.1, "length": 4},
    ],
    "music": [
        {
            "input": "rhythm=jig, meter=6/8, key=D",
            "reference": [TUNE],
            "prediction": TUNE.replace("b", "c"),
            "score": -90.0,
            "nats": 100.0,
            "length": 60,
        },
        {"input": "key=G", "reference": ["abc"], "prediction": "", "score": -1.0, "nats": 9.0, "length": 60},
    ],
    "regression": [
        {"input": SHAKES, "reference": 1.0, "prediction": 0.75, "length": 4},
        {"input": SHAKES[:2], "reference": -1.0, "prediction": -1.5, "length": 2},
    ],
    "forecasting": [
        {"input": [[1.0], [2.0], [1.5]], "reference": [2.0, 1.0], "prediction": [1.5, 2.0], "length": 3},
        {"input": [[2.0], [1.5], [2.0]], "reference": [1.0, 3.0], "prediction": [1.0, 2.5], "length": 3},
    ],
    "language_modeling": [
        {
            "input": "It was the best of times , it was the worst of times",
            "reference": 0.0,
            "prediction": 40.0,
            "tokens": 14,
            "length": 14,
        },
        {"input": "It was", "reference": 0.0, "prediction": 9.0, "tokens": 3, "length": 3},
    ],
}
PRIMARY = {
    "classification": "accuracy",
    "image_classification": "accuracy",
    "frame_classification": "accuracy",
    "tagging": "accuracy",
    "frame_tagging": "accuracy",
    "captioning": "chrf",
    "description": "bleu",
    "translation": "chrf",
    "chat": "chrf",
    "pronunciation": "phoneme_error_rate",
    "music": "loss",
    "regression": "mse",
    "forecasting": "mae",
    "language_modeling": "perplexity",
}
UNITS = {
    "accuracy": "0-1",
    "valid_tunes": "0-1",
    "phoneme_error_rate": "0-1",
    "bleu": "BLEU",
    "chrf": "chrF",
    "ter": "TER",
    "loss": "nats",
    "mse": "value",
    "mae": "value",
    "perplexity": "perplexity",
}
HIGHER_IS_BETTER = ("accuracy", "valid_tunes", "bleu", "chrf")
LOG = [
    {"event": "train", "step": 1, "epoch": 0.5, "loss": 2.0, "learning_rate": 1e-3, "grad_norm": 4.0, "seconds": 1.0},
    {"event": "eval", "step": 2, "epoch": 1.0, "scores": {"loss": 1.5, "accuracy": 0.5}, "best": True, "seconds": 2.0},
    {"event": "end", "step": 2, "best_step": 2, "metric": "accuracy", "reason": "max_steps", "seconds": 2.0},
]


def a_score(name: str, value: float, *, low: float | None = None, high: float | None = None) -> Score:
    """A score of 100 rows, in its unit."""
    return Score(name, value, UNITS[name], name in HIGHER_IS_BETTER, f"{name}|signature", "100 rows", low, high)


def write_run(directory: Path, task: str, **replaced: Any) -> Path:
    """Write the run directory of a task; keywords replace whole files, None leaves one out."""
    primary = PRIMARY[task]
    value, scale = (0.8, 1) if UNITS[primary] == "0-1" else (80.0, 100)
    score = a_score(primary, value, low=value - 0.1 * scale, high=value + 0.1 * scale)
    baseline = a_score(primary, value / 2 if score.higher_is_better else value * 2)
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
                "baselines": {"a guess": [baseline.to_dict()]},
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
    recipe = f"task: {task}\ndataset: {{path: somewhere}}\n"
    if task == "forecasting":
        recipe += "forecast: {season_length: 2}\n"
    (run_dir / "recipe.yaml").write_text(recipe, encoding="utf-8")
    for name, content in contents.items():
        if content is not None and name in ("predictions", "log"):
            lines = "".join(json.dumps(line) + "\n" for line in content)
            (run_dir / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        elif content is not None:
            (run_dir / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return run_dir


ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

SHAPES = [*{kind: task for task, kind in PREDICTION_TYPES.items()}.values(), "captioning"]
"""A task of each kind of answer, and the one with pictures."""


def write_attacked_run(directory: Path, task: str) -> Path:
    """A run in which every text that comes from data or from a recipe is an attack on the report's page."""

    def poisoned(value: object) -> object:
        if isinstance(value, list):
            return [poisoned(part) for part in value]
        return ATTACK if isinstance(value, str) else value

    rows = [
        {"index": index} | {key: poisoned(value) for key, value in row.items()}
        for index, row in enumerate(PREDICTIONS[task])
    ]
    if isinstance(rows[0]["prediction"], str):
        rows[0]["prediction"] = "other"
    elif isinstance(rows[0]["prediction"], list) and isinstance(rows[0]["prediction"][0], str):
        rows[0]["prediction"] = ["OTHER"] * len(rows[0]["reference"])
    name = PRIMARY[task]
    score = a_score(name, 0.5).to_dict() | {"signature": ATTACK, "support": ATTACK}
    split = {"rows": 1, "tokens": 1, "mean_length": 1, "max_length": 1, "lengths": [[0, 1]]}
    run_dir = write_run(
        directory,
        task,
        predictions=rows,
        data={
            "dataset": dict.fromkeys(("path", "name", "title", "licence", "citation", "homepage"), ATTACK),
            "splits": {ATTACK: split},
            "labels": {"train": {ATTACK: 1}},
        },
        scores={"primary": name, "test": {"scores": [score], "baselines": {ATTACK: [score]}}},
        log=None,
        attention=[{"index": 0, "source": [ATTACK], "target": [ATTACK], "weights": [[1.0]]}],
    )
    recipe = {"task": task, "dataset": {"path": ATTACK, "name": ATTACK}}
    (run_dir / "recipe.yaml").write_text(json.dumps(recipe), encoding="utf-8")
    return run_dir
