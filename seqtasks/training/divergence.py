"""What is said of a step whose loss or gradient is not a finite number."""

from math import isfinite

from seqtasks.errors import DivergedError
from seqtasks.training.accumulation import Gradient
from seqtasks.training.checkpoint import Checkpoints


def diverged(gradient: Gradient, loss_sum: float, norm: float, *, step: int, checkpoints: Checkpoints) -> DivergedError:
    """The error that ends the training, with the examples at which it happened and what is left.

    Args:
        gradient: of the step.
        loss_sum: over all its targets.
        norm: of the gradient.
        step: the optimizer step.
        checkpoints: of the run.
    """
    rows = next((rows for rows, loss in gradient.losses if not isfinite(float(loss))), gradient.losses[0][0])
    what, value = ("gradient's norm", norm) if isfinite(loss_sum) else ("loss", loss_sum)
    examples = ", ".join(map(str, rows[:10].tolist())) + (", …" if len(rows) > 10 else "")
    kept = f"the checkpoint of step {checkpoints.step:,}" if checkpoints.exists else "no checkpoint yet"
    return DivergedError(
        f"step {step}: the training {what} is {value} in the batch of examples {examples}; expected a finite number; "
        f"there is {kept}; lower train.learning_rate, set train.max_grad_norm, add train.warmup_steps, or leave such "
        "steps out by train.skip_nonfinite"
    )
