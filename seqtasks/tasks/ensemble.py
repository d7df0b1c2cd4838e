"""`Ensemble`: several trained models that answer as one."""

from collections.abc import Sequence
from typing import Any

from torch import nn

from seqtasks.backbone import Inputs
from seqtasks.heads import Encodings, join_heads
from seqtasks.tasks.model import SequenceModel


class Ensemble(SequenceModel):
    """Models of one task with the same vocabulary and labels; tasks use it as any other model.

    Args:
        members: two or more; each reads the inputs itself.

    Raises:
        ValueError: the members' heads are of different kinds.
    """

    def __init__(self, members: Sequence[SequenceModel]) -> None:
        nn.Module.__init__(self)
        kinds = {type(member.head).__name__ for member in members}
        if len(kinds) > 1:
            raise ValueError(f"Ensemble: heads are {', '.join(sorted(kinds))}; expected one kind; leave the others out")
        self.members = nn.ModuleList(members)
        self.head = join_heads([member.head for member in members])

    def encode(self, inputs: Inputs) -> Any:
        """Read a batch of inputs with every member."""
        return Encodings(tuple(member.encode(inputs) for member in self._models()))

    def read_on(self, inputs: Inputs, state: Any) -> Any:
        """Read steps from the members' states on."""
        states = state or [None] * len(self.members)
        read = [member.read_on(inputs, before) for member, before in zip(self._models(), states, strict=True)]
        return Encodings(tuple(read))

    def _models(self) -> list[SequenceModel]:
        return list(self.members)  # type: ignore[arg-type]
