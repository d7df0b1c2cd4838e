"""What is written and read again is the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

from seqtasks.predictor import Predictor, load
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks.inference import predict
from seqtasks.training.checkpoint import model_tensors, save_weights
from seqtasks.verify.answers import Sample
from seqtasks.verify.finding import Finding, judge


def check_files(sample: Sample) -> Finding:
    """Save the model as a run of its own, load it, and compare every tensor and every answer."""
    task = sample.task
    with TemporaryDirectory(prefix="seqtasks-verify-") as folder:
        path = Path(folder) / "run"
        RunDirectory.create(path, task.recipe, command="", resume=False, overwrite=False)
        task.save(path)
        save_weights(path / "model.safetensors", model_tensors(sample.model))
        loaded = load(path)
    ours, theirs = model_tensors(sample.model), model_tensors(loaded.model)
    unlike = sum(not ours[name].equal(theirs[name]) for name in ours)
    before, after = (
        _answers(Predictor(which, model), sample)
        for which, model in ((task, sample.model), (loaded.task, loaded.model))
    )
    differing = unlike + sum(ours != theirs for ours, theirs in zip(before, after, strict=True))
    return judge(
        "save and load",
        "the model, and what is read from its files",
        cases=len(before) + len(ours),
        differing=differing,
        tolerance=0.0,
    )


def _answers(predictor: Predictor, sample: Sample) -> list[object]:
    budget = 4 * predictor.task.recipe.train.tokens_per_batch
    found = predict(predictor.task, predictor.model, sample.inputs, tokens_per_batch=budget)
    return [answer.value for answer in found]
