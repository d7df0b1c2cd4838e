"""Windows of a stream: each one goes on from the state that the one before has left."""

from dataclasses import replace

from seqtasks.backbone import Batch, State
from seqtasks.errors import RecipeError


def continued(batch: Batch, state: State | None, *, num_processes: int) -> Batch:
    """A batch with the state that it goes on from; one that is no window is given back as it is.

    Raises:
        RecipeError: several processes train, each of which would see every second window only.
    """
    if batch.window is None:
        return batch
    if num_processes > 1:
        raise RecipeError(
            f"train: {num_processes} processes were started, and each would read some windows of the stream only; "
            "expected one process; run it without a launcher"
        )
    return replace(batch, state=state if batch.window > 0 else None)


def detached(state: State | None) -> State | None:
    """A state that gradients do not go back through: back-propagation is truncated here."""
    return None if state is None else tuple(tuple(part.detach() for part in layer) for layer in state)
