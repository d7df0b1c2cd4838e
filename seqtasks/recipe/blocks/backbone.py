"""The block of the backbone."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from seqtasks.recipe.blocks.base import Block, CellName, Depth, Probability, Size


class BackboneBlock(Block):
    """Stacked recurrent layers of one cell."""

    cell: CellName = Field(default="gru", description="what a layer does at each step")
    hidden_size: Size = Field(default=256, description="units of each direction")
    num_layers: Depth = Field(default=1, description="layers on top of each other")
    bidirectional: bool = Field(default=False, description="a second direction reads the sequence from its last token")
    dropout: Probability = Field(default=0.0, description="on the output of every layer")
    variational_dropout: bool = Field(default=False, description="one mask for all steps (Gal and Ghahramani 2016)")
    residual: bool = Field(default=False, description="add a layer's input to its output")
    layer_norm: bool = Field(default=False, description="normalise the output of every layer (Ba et al. 2016)")
    initialization: Literal["orthogonal", "identity"] = Field(
        default="orthogonal", description="of recurrent weights; identity is for rnn_relu (Le et al. 2015)"
    )
    learn_initial_state: bool = Field(default=False, description="instead of zero")
    weight_dropout: Probability = Field(default=0.0, description="on recurrent weights (Merity et al. 2018)")

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Options about recurrent weights that the cell has not, or not of that form."""
        if self.initialization == "identity" and not self.cell.startswith("rnn"):
            yield "initialization", f"identity is for rnn_relu and rnn_tanh, and cell is {self.cell}; use orthogonal"
        if self.weight_dropout and self.cell.startswith("min"):
            yield "weight_dropout", f"{self.cell} has no recurrent weights to drop; leave it out or use lstm or gru"
