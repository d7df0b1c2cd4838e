"""seqtasks: `seqtasks run` in this process; accuracy from its scores."""

import tempfile
from pathlib import Path
from typing import Any

from clock import Stamp, read_spec, report

from seqtasks.recipe import load_recipe
from seqtasks.run import run
from seqtasks.tasks import task_class
from seqtasks.tasks.rows import load_rows
from seqtasks.training.loop import Trainer


def main() -> None:
    """Train, and tag the test rows."""
    spec = read_spec()
    recipe = load_recipe(Path(spec["recipe"]), [*spec["overrides"], f"train.seed={spec['seed']}"])
    stamps: list[Stamp] = []
    fit = Trainer.fit

    def timed_fit(trainer: Trainer, **options: Any) -> None:
        stamps.append(Stamp())
        fit(trainer, **options)
        stamps.append(Stamp())

    Trainer.fit = timed_fit
    with tempfile.TemporaryDirectory() as folder:
        scores = run(recipe, Path(folder) / "run", command="")
    (accuracy,) = (score for score in scores["test"]["scores"] if score["name"] == "accuracy")
    rows, _ = load_rows(task_class(recipe), recipe)
    words = sum(map(len, rows["train"]["tokens"]))
    details = {
        "test accuracy": f"{accuracy['value']:.2%}",
        "test words": sum(map(len, rows["test"]["tokens"])),
    }
    units = round(words * recipe.train.epochs)
    report(stamps[0], stamps[1], units=units, packages=("seqtasks", "torch"), details=details)


if __name__ == "__main__":
    main()
