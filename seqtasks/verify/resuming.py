"""A training that is stopped half-way and resumed ends in the same weights, bit for bit."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from accelerate.utils import set_seed
from rich.console import Console
from torch import Tensor

from seqtasks.backbone import Batch
from seqtasks.check.sample import spread, with_longest
from seqtasks.errors import DataError
from seqtasks.recipe import Recipe
from seqtasks.run import make_trainer
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import task_class
from seqtasks.tasks.build import build_model
from seqtasks.tasks.examples import Rows
from seqtasks.tasks.rows import load_rows
from seqtasks.training.checkpoint import load_weights
from seqtasks.training.loop import Trainer
from seqtasks.training.reporter import Reporter
from seqtasks.verify.finding import Finding, judge, left_out

STEPS = 4
"""Before the checkpoint, and after it."""

TRAINED_ROWS = 500


def check_resuming(run: Path, recipe: Recipe) -> Finding:
    """Train twice from the start on some rows: straight on, and killed behind a checkpoint in the middle.

    Args:
        run: whose vocabulary and labels are used.
        recipe: of the run.
    """
    name, question = "resuming", f"{2 * STEPS} training steps, and as many with a kill behind step {STEPS}"
    try:
        whole, _ = load_rows(task_class(recipe), recipe)
    except DataError as error:
        return left_out(name, question, f"the training rows cannot be loaded: {error}")
    rows = {"train": with_longest(whole["train"], TRAINED_ROWS), "validation": spread(whole["validation"], 16)}
    changes = {"max_steps": 2 * STEPS, "eval_steps": STEPS, "early_stopping_patience": None, "init_from": None}
    shortened = recipe.model_copy(update={"train": recipe.train.model_copy(update=changes)})
    task = task_class(recipe).load(shortened, run)
    examples = {split: task.encode(part, training=split == "train") for split, part in rows.items()}

    def trainer(path: Path) -> Trainer:
        set_seed(recipe.train.seed)
        path.mkdir(exist_ok=True)
        quiet = Reporter(Console(quiet=True))
        return make_trainer(task, build_model(task), rows, examples, directory=RunDirectory(path), reporter=quiet)

    with TemporaryDirectory(prefix="seqtasks-verify-") as folder:
        straight, killed = Path(folder) / "straight", Path(folder) / "killed"
        trainer(straight).fit()
        with suppress(_KilledError):
            _dying(trainer(killed), STEPS + 1).fit()
        trainer(killed).fit(resume=True)
        found, expected = _last_checkpoint(killed), _last_checkpoint(straight)
    differing = sum(not found[key].equal(expected[key]) for key in expected)
    return judge(name, question, cases=len(expected), differing=differing, tolerance=0.0)


def _last_checkpoint(path: Path) -> dict[str, Tensor]:
    """Weights, optimizer and random numbers at the end; the weights that are chosen may be earlier ones."""
    return load_weights(max((path / "checkpoints").glob("step-*.safetensors")))


class _KilledError(Exception):
    pass


def _dying(trainer: Trainer, step: int) -> Trainer:
    """A trainer that fails while it makes the batches of the step after this one."""
    collate = trainer.source.collate

    def dying(rows: Rows) -> Batch:
        if trainer.progress.step == step:
            raise _KilledError
        return collate(rows)

    trainer.source = replace(trainer.source, collate=dying)
    return trainer
