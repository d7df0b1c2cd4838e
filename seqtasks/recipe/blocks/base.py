"""Types of values, and the base of all blocks."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Probability = Annotated[float, Field(ge=0.0, lt=1.0)]
"""A dropout rate or a smoothing weight: at least 0, below 1."""

Count = Annotated[int, Field(ge=1)]
"""A number of tokens or steps: at least 1."""

Size = Annotated[int, Field(ge=1, le=1_000_000)]
"""A number of units or of anything else that tensors are as wide as."""

Depth = Annotated[int, Field(ge=1, le=100)]
"""A number of layers."""

Name = Annotated[str, Field(min_length=1)]
"""A text that names something, such as a column."""

CellName = Literal["rnn_tanh", "rnn_relu", "lstm", "gru", "mingru", "minlstm"]
TokenName = Literal["word", "whitespace", "bpe", "character"]
AttentionName = Literal["dot", "general", "additive", "multihead"]
PoolingName = Literal["final", "mean", "max", "attention"]


class Block(BaseModel):
    """Base of all blocks: immutable, unknown fields refused, no silent conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Settings that cannot stand together.

        Yields:
            the field to change, and the reason with what to do.
        """
        yield from ()

    @model_validator(mode="after")
    def _reject_conflicts(self) -> Self:
        found = list(self.conflicts())
        if found:
            text = "; ".join(f"{field}: {reason}" for field, reason in found)
            raise PydanticCustomError("conflict", "{text}", {"text": text, "found": found})
        return self
