"""Which validated weights are kept, and which become the model."""

import math

from seqtasks.errors import DivergedError
from seqtasks.recipe.blocks import TrainBlock
from seqtasks.training.checkpoint import Progress


def record_validation(progress: Progress, value: float, block: TrainBlock) -> bool:
    """Enter a validation of the current step; forget those whose weights are of no further use.

    Args:
        progress: updated in place.
        value: the validation score, higher is better.
        block: says how many weights are averaged, and which.

    Returns:
        Whether it is the best so far.

    Raises:
        DivergedError: the score is not a finite number.
    """
    if not math.isfinite(value):
        raise DivergedError(
            f"step {progress.step}: the validation score is {value}; expected a finite number; "
            "lower train.learning_rate, set train.max_grad_norm or add train.warmup_steps"
        )
    best = progress.best is None or value > progress.best
    if best:
        progress.best, progress.best_step, progress.stale = value, progress.step, 0
    else:
        progress.stale += 1
    progress.validated.append((progress.step, value))
    kept = {progress.best_step, *averaged_steps(progress, block)}
    progress.validated = [(step, score) for step, score in progress.validated if step in kept]
    return best


def averaged_steps(progress: Progress, block: TrainBlock) -> list[int]:
    """The steps whose weights the final model averages, by recipe: the last ones, or the best ones."""
    ranked = sorted(progress.validated, key=lambda pair: pair[0] if block.average_by == "last" else pair[1])
    return sorted(step for step, _ in ranked[-block.average_checkpoints :])
