"""What every reader does."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from seqtasks.backbone import Inputs
from seqtasks.tasks.examples import Examples, Rows


class Reader(Protocol):
    """Encodes one kind of input; fitted on the training rows."""

    role: ClassVar[str]
    """The column that it reads."""

    @property
    def vocabulary_size(self) -> int | None:
        """Ids that it knows; None where there are none."""
        ...

    @classmethod
    def fit(cls, recipe: Any, values: Sequence[Any]) -> Self:
        """Learn from the training rows' inputs."""
        ...

    def save(self, directory: Path) -> None:
        """Write into a run directory."""
        ...

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read it back."""
        ...

    def encode(self, values: Sequence[Any]) -> Examples:
        """Inputs to examples without targets."""
        ...

    def collate(self, examples: Examples, rows: Rows) -> Inputs:
        """Cut the inputs of a batch."""
        ...

    def build(self) -> Any:
        """The module that takes these inputs; it has an `output_size`."""
        ...

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Inputs as `predictions.jsonl` holds them."""
        ...

    def keys(self, values: Sequence[Any]) -> list[Hashable]:
        """What makes two inputs equal."""
        ...
