"""A task to its model, or to the reason why there is none."""

from seqtasks.errors import MemoryExceededError
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Task
from seqtasks.training.accumulation import is_out_of_memory


def build_model(task: Task) -> SequenceModel:
    """A new model.

    Raises:
        MemoryExceededError: it does not fit into memory.
    """
    try:
        return task.build()
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise MemoryExceededError(
            "recipe: the model does not fit into this machine's memory; expected a smaller one; lower hidden_size, "
            "embedding_size or vocab_size (`seqtasks explain` counts parameters)"
        ) from error
