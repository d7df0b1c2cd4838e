"""seqtasks: `Predictor.predict` of a run that has trained for a few steps, or of the user's own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
from clock import read_spec, time_answers

from seqtasks.data.tokenization import EOS
from seqtasks.predictor import Predictor, load
from seqtasks.tasks.rows import load_test_rows

PACKAGES = ("seqtasks", "torch")


def main() -> None:
    """Train if there is no run yet, and answer."""
    spec = read_spec()
    predictor = load(spec["run"]) if "run" in spec else _train(spec)
    task = predictor.task
    if "run" in spec:
        rows = load_test_rows(type(task), task.recipe)
        inputs = list(rows[task.reader.role])[: spec["inputs"]]
        if hasattr(task.recipe, "decoding"):
            _change(predictor, "decoding", num_beams=spec["beams"])
    else:
        inputs = Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()
        if task.name == "tagging":
            inputs = [line.split(" ") for line in inputs]
        # A predictor's batches have four times the tokens of training.
        longest = spec["length"] if task.name == "translation" and spec["length"] else _mean_length(inputs)
        _change(predictor, "train", tokens_per_batch=spec["batch_size"] * longest // 4)
    if spec["length"] and task.name == "translation":
        forbid_end(predictor)
    answers = _as_texts(predictor) if task.name == "classification" else predictor.predict
    time_answers(answers, inputs, packages=PACKAGES, units=_units(inputs, spec["unit"]))


def forbid_end(predictor: Predictor) -> None:
    """No text ends before the longest length: the end token's score is far below all others."""
    with torch.no_grad():
        predictor.model.head.output.bias[EOS] = -1e4


def _train(spec: dict[str, Any]) -> Predictor:
    path = Path(spec["models"]) / spec["name"]
    if not path.exists():
        steps = f"train.max_steps={spec['steps']}"
        command = [sys.executable, "-m", "seqtasks", "run", spec["recipe"], *spec["overrides"], steps]
        subprocess.run([*command, "--output", str(path)], check=True)
    return load(path)


def _change(predictor: Predictor, block: str, **values: Any) -> None:
    recipe = predictor.task.recipe
    changed = getattr(recipe, block).model_copy(update=values)
    predictor.task.recipe = recipe.model_copy(update={block: changed})


def _mean_length(inputs: list[Any]) -> int:
    return max(1, _units(inputs, "words") // len(inputs))


def _units(inputs: list[Any], unit: str) -> int:
    if unit == "sentences":
        return len(inputs)
    return sum(len(each.split()) if isinstance(each, str) else len(each) for each in inputs)


def _as_texts(predictor: Predictor) -> Any:
    """Labels are texts already; a single number is not."""
    return lambda inputs: [str(label) for label in predictor.predict(inputs)]


if __name__ == "__main__":
    main()
