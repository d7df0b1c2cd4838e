"""seqtasks: `Predictor.predict` of a run that has trained for a few steps, or of the user's own; or of its export."""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from clock import read_spec, time_answers
from limit import forward_flops, products_per_second
from safetensors.torch import load_file, save_file
from torch import nn

from seqtasks.data.tokenization import EOS
from seqtasks.predictor import Predictor, load
from seqtasks.tasks.rows import load_test_rows

PACKAGES = ("seqtasks", "torch")
RUNTIME_PACKAGES = ("seqtasks", "onnxruntime")


def main() -> None:
    """Train if there is no run yet, and answer."""
    spec = read_spec()
    with tempfile.TemporaryDirectory() as folder:
        run = Path(spec["run"]) if "run" in spec else _train(spec)
        predictor = load(run)
        task = predictor.task
        if "run" in spec:
            rows = load_test_rows(type(task), task.recipe)
            inputs = list(rows[task.reader.role])[: spec["inputs"]]
        else:
            inputs = Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()
            if task.name == "tagging":
                inputs = [line.split(" ") for line in inputs]
        units, rows_at_a_time = _units(inputs, spec["unit"]), spec.get("batch_size")
        longest, limit = _mean_length(inputs), None
        if task.name == "translation" and spec["length"]:
            run = forbid_end(run, Path(folder) / "run")
            predictor = load(run)
            longest = spec["length"]
            limit = _limit(predictor.model, inputs, written=longest * spec["beams"])
        if spec.get("export"):
            model = _exported(run, Path(folder) / "export", spec)
            if rows_at_a_time:
                model.manifest = replace(model.manifest, tokens_per_batch=rows_at_a_time * longest)
            time_answers(_as_texts(model, task.name), inputs, packages=RUNTIME_PACKAGES, units=units)
            return
        if rows_at_a_time:  # a predictor's batches have four times the tokens of training
            _change(predictor, "train", tokens_per_batch=rows_at_a_time * longest // 4)
        if hasattr(task.recipe, "decoding"):
            _change(predictor, "decoding", num_beams=spec["beams"])
        time_answers(_as_texts(predictor, task.name), inputs, packages=PACKAGES, units=units, limit=limit)


def _limit(model: nn.Module, texts: list[str], *, written: int) -> float:
    """Texts a second that matrix products allow, if `written` tokens are for each."""
    lengths = [len(text.split()) + 1 for text in texts]
    flops = forward_flops(
        model, rows=len(texts), read=sum(lengths), written=written * len(texts), compared=written * sum(lengths)
    )
    return len(texts) * products_per_second() / flops


def forbid_end(run: Path, copy: Path) -> Path:
    """A copy of a run in which no text ends before the longest length: the end's score is far below all others."""
    shutil.copytree(run, copy, ignore=shutil.ignore_patterns("checkpoints"))
    weights = load_file(copy / "model.safetensors")
    weights["head.output.bias"][EOS] = -1e4
    save_file(weights, copy / "model.safetensors")
    return copy


def _exported(run: Path, folder: Path, spec: dict[str, Any]) -> Any:
    """The run as ONNX networks."""
    import seqtasks.runtime
    from seqtasks.export import export

    int8 = spec["export"] == "int8"
    export(run, folder, int8=int8, tolerance=100.0 if int8 else None)
    model = seqtasks.runtime.load(folder, threads=spec["threads"])
    if "num_beams" not in model.manifest.answer:
        return model
    return seqtasks.runtime.load(folder, threads=spec["threads"], num_beams=spec["beams"])


def _train(spec: dict[str, Any]) -> Path:
    path = Path(spec["models"]) / spec["model"]
    if not path.exists():
        steps = f"train.max_steps={spec['steps']}"
        command = [sys.executable, "-m", "seqtasks", "run", spec["recipe"], *spec["overrides"], steps]
        subprocess.run([*command, "--output", str(path)], check=True)
    return path


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


def _as_texts(model: Any, task: str) -> Any:
    """Labels are texts already; a single number is not."""
    if task != "classification":
        return model.predict
    return lambda inputs: [str(label) for label in model.predict(inputs)]


if __name__ == "__main__":
    main()
