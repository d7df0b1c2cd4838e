"""The networks that are compared: a recipe's own with every cell, and three ways to start an rnn_relu."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import nn

from seqtasks.backbone.cells import CellName, recurrent_layer
from seqtasks.errors import RecipeError
from seqtasks.heads import DecoderHead
from seqtasks.recipe import Recipe
from seqtasks.tasks import Task
from seqtasks.tasks.model import SequenceModel

GAIN = 1.7
"""Of the enlarged recurrent weights. A ReLU that passes half of its units needs more than sqrt(2) to let gradients grow
(He et al. 2015, arXiv:1502.01852, for layers one upon the other)."""


@dataclass(frozen=True)
class Variant:
    """A cell and where its recurrent weights start.

    Attributes:
        name: shown everywhere.
        cell: what is built.
        start: `orthogonal` is the cell's ordinary start; for rnn_relu also `identity`, and `enlarged` by `GAIN`.
        note: the start in words.
    """

    name: str
    cell: CellName
    start: Literal["orthogonal", "identity", "enlarged"]
    note: str


VARIANTS = (
    Variant("rnn_tanh", "rnn_tanh", "orthogonal", "orthogonal recurrent weights"),
    Variant("rnn_relu", "rnn_relu", "orthogonal", "orthogonal recurrent weights"),
    Variant("rnn_relu identity", "rnn_relu", "identity", "recurrent weights the identity (Le et al. 2015)"),
    Variant(f"rnn_relu x {GAIN}", "rnn_relu", "enlarged", f"orthogonal recurrent weights times {GAIN}"),
    Variant("lstm", "lstm", "orthogonal", "orthogonal recurrent weights, forget gate's bias 1"),
    Variant("gru", "gru", "orthogonal", "orthogonal recurrent weights"),
    Variant("mingru", "mingru", "orthogonal", "gates without the state, memories of 2 to 64 steps"),
    Variant("minlstm", "minlstm", "orthogonal", "gates without the state, memories of 2 to 64 steps"),
)


def recurrent_block(recipe: Recipe) -> tuple[str, Any]:
    """The block of the layers that are compared, by its name in the recipe: the backbone, or a decoder without one.

    Raises:
        RecipeError: the recipe has no recurrent layer.
    """
    name = "backbone" if hasattr(recipe, "backbone") else "head"
    block = getattr(recipe, name)
    if not hasattr(block, "cell"):
        raise RecipeError(
            f"task: {recipe.task} has no recurrent layer; expected a task that reads or writes a sequence; "
            "choose another recipe (see `seqtasks recipes list`)"
        )
    return name, block


def own_variant(recipe: Recipe) -> str | None:
    """The name of the variant that the recipe itself asks for; None if it is none of them."""
    _, block = recurrent_block(recipe)
    wanted = block.cell, getattr(block, "initialization", "orthogonal")
    return next((variant.name for variant in VARIANTS if (variant.cell, variant.start) == wanted), None)


def build(task: Task, variant: Variant) -> SequenceModel:
    """The recipe's network with another cell; weights start from the recipe's seed.

    Weight dropout is left out, which not every cell can have.
    """
    name, block = recurrent_block(task.recipe)
    changes: dict[str, Any] = {"cell": variant.cell}
    if name == "backbone":
        changes |= {"initialization": "orthogonal", "weight_dropout": 0.0}
    other = copy(task)
    other.recipe = task.recipe.model_copy(update={name: block.model_copy(update=changes)})
    torch.manual_seed(task.recipe.train.seed)
    model = other.build()
    for layer in recurrent_layers(model):
        _start(layer, variant)
    return model


def recurrent_layers(model: SequenceModel) -> Sequence[nn.Module]:
    """The layers that are compared, the one that is measured first: the encoder's, or a decoder's without one."""
    if model.backbone is not None:
        return [*model.backbone.forward_layers, *model.backbone.backward_layers]
    if not isinstance(model.head, DecoderHead):
        raise TypeError(f"model.head: {type(model.head).__name__} has no recurrent layer; expected a DecoderHead")
    return list(model.head.layers)


@torch.no_grad()
def _start(layer: nn.Module, variant: Variant) -> None:
    if variant.start == "enlarged":
        layer.get_parameter("weight_hh_l0").mul_(GAIN)
    elif variant.start == "identity":
        hidden_size, input_size = layer.get_parameter("weight_ih_l0").shape
        fresh = recurrent_layer(variant.cell, input_size, hidden_size, initialization="identity")
        layer.load_state_dict(fresh.state_dict())
