"""A task to its model, or to the reason why there is none."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import psutil
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from seqtasks.errors import MemoryExceededError
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.task import Task
from seqtasks.training.accumulation import is_out_of_memory
from seqtasks.training.checkpoint import set_model_tensors


def build_model(task: Task) -> SequenceModel:
    """A new model.

    Raises:
        MemoryExceededError: it does not fit into memory.
    """
    try:
        # Systems promise more memory than they have, and kill who uses it.
        with _Limit(psutil.virtual_memory().available // torch.get_default_dtype().itemsize):
            return task.build()
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise MemoryExceededError(
            "recipe: the model does not fit into this machine's memory; expected a smaller one; lower hidden_size, "
            "embedding_size or vocab_size (`seqtasks explain` counts parameters)"
        ) from error


def build_trained_model(task: Task, tensors: Mapping[str, Tensor]) -> SequenceModel:
    """The model that has these weights.

    Raises:
        ValueError: they are those of another model.
    """
    # A stranger's recipe may ask for more memory than there is; the weights say how much it can be.
    try:
        with _Limit(2 * sum(tensor.numel() for tensor in tensors.values())):
            model = task.build()
    except MemoryError:
        raise ValueError("it holds far fewer numbers than the recipe's sizes give") from None
    set_model_tensors(model, tensors)
    return model


class _Limit(TorchFunctionMode):
    """Refuses new tensors beyond so many numbers in all, before they take memory."""

    def __init__(self, numbers: int) -> None:
        super().__init__()
        self.left = numbers

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        arguments: tuple[Any, ...] = (),
        options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Count what is made from a shape."""
        if function in (torch.empty, torch.zeros, torch.ones, torch.full):
            shape = arguments[0] if isinstance(arguments[0], tuple | list) else arguments
            self.left -= prod(shape)
            if self.left < 0:
                raise MemoryError(f"{prod(shape):,} numbers more than are allowed")
        return function(*arguments, **(options or {}))
