"""Every layer of a recipe's network: shapes, parameters, what it does.

The model is built by the task itself on torch's meta device, which has shapes but no numbers, from a vocabulary as
large as the recipe allows. Shapes are for one row of T steps, a text of U tokens being written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer, models
from torch import nn

from seqtasks.backbone import RNN, CharacterFeatures, ImageInput, TokenInput
from seqtasks.data.labels import Labels
from seqtasks.data.placeholders import TOKENS as PLACEHOLDERS
from seqtasks.data.tokenization import SPECIAL_TOKENS, TextTokenizer
from seqtasks.data.vocabulary import Vocabulary
from seqtasks.heads import ClassificationHead, DecoderHead, TaggingHead
from seqtasks.recipe import ClassificationRecipe, Recipe, TaggingRecipe, TranslationRecipe
from seqtasks.tasks import Captioning, Classification, Tagging, Translation
from seqtasks.tasks.model import SequenceModel

NUM_LABELS = 2
"""Labels are only known with the data; so many are assumed."""

NUM_CHARACTERS = 100
"""Characters, likewise."""

_POOLING = {
    "final": "the state after the last real step of each direction",
    "mean": "the mean of all states",
    "max": "the maximum of all states",
    "attention": "a weighted sum of all states",
}


@dataclass(frozen=True)
class Layer:
    """A line of the table.

    Attributes:
        name: where it stands in the model.
        kind: what it is called.
        shapes: what goes in and what comes out.
        parameters: trainable numbers that no layer before it holds.
        does: what it is for.
        is_shared: whether all its parameters belong to a layer before it.
    """

    name: str
    kind: str
    shapes: tuple[str, str]
    parameters: int
    does: str
    is_shared: bool


def build(recipe: Recipe) -> SequenceModel:
    """The model of a recipe without numbers, and without its data."""
    with torch.device("meta"):
        if isinstance(recipe, TaggingRecipe):
            words = _vocabulary(recipe.tokenizer.vocab_size)
            return Tagging(recipe, words, _vocabulary(NUM_CHARACTERS), _labels()).build()
        tokenizer = _tokenizer(recipe.tokenizer.vocab_size)
        if isinstance(recipe, ClassificationRecipe):
            return Classification(recipe, tokenizer, _labels()).build()
        if isinstance(recipe, TranslationRecipe):
            return Translation(recipe, _tokenizer(recipe.tokenizer.vocab_size, PLACEHOLDERS)).build()
        return Captioning(recipe, tokenizer).build()


def list_layers(model: SequenceModel) -> list[Layer]:
    """The layers of a model, in the order in which data passes them."""
    counted: set[int] = set()
    parts = [*_input(model.input), *_backbone(model.backbone), *_head(model)]
    layers = []
    for name, kind, shapes, module, does in parts:
        own = [parameter for parameter in module.parameters() if id(parameter) not in counted]
        counted.update(map(id, own))
        count = sum(parameter.numel() for parameter in own)
        layers.append(
            Layer(name, kind, shapes, count, does, is_shared=not own and next(module.parameters(), None) is not None)
        )
    return layers


_Part = tuple[str, str, tuple[str, str], nn.Module, str]


def _input(part: TokenInput | ImageInput) -> Iterator[_Part]:
    if isinstance(part, ImageInput):
        yield from _pictures(part)
        return
    ids, size = part.embedding.weight.shape
    yield (
        "input.embedding",
        "Embedding",
        ("1, T", _shape("T", size)),
        part.embedding,
        f"a vector for each of {ids:,} ids",
    )
    if isinstance(part.characters, CharacterFeatures):
        spelled = part.characters
        shapes = "1, T, C", _shape("T", spelled.output_size)
        kind = "characters LSTM" if isinstance(spelled.encoder, RNN) else "characters CNN"
        yield "input.characters", kind, shapes, spelled, "a vector for each word, read from its C characters"


def _pictures(part: ImageInput) -> Iterator[_Part]:
    size = part.size
    for index, stage in enumerate(part.stages):
        convolutions = [layer for layer in stage.modules() if isinstance(layer, nn.Conv2d)]
        before = f"1, {convolutions[0].in_channels}, {size}, {size}"
        size = -(-size // 2)
        shapes = before, f"1, {convolutions[-1].out_channels}, {size}, {size}"
        does = "finds patterns of a larger area, halves the picture"
        yield f"input.stages.{index}", f"{len(convolutions)} x Conv2d", shapes, stage, does


def _backbone(part: RNN | None) -> Iterator[_Part]:
    if part is None:
        return
    for index, layer in enumerate(part.forward_layers):
        directions = [("forward", layer), *[("backward", other) for other in part.backward_layers[index : index + 1]]]
        for direction, one in directions:
            shapes = _sizes(one, "T")
            kind = f"{_cell(one)} {'→' if direction == 'forward' else '←'}"
            yield f"backbone.layer {index + 1}", kind, shapes, one, f"reads {direction}, one step after the other"
        if part.norms:
            shape = _shape("T", part.output_size)
            does = "brings each step's states to mean 0 and variance 1"
            yield f"backbone.norm {index + 1}", "LayerNorm", (shape, shape), part.norms[index], does


def _head(model: SequenceModel) -> Iterator[_Part]:
    head = model.head
    if isinstance(head, DecoderHead):
        yield from _decoder(head)
    elif isinstance(head, TaggingHead):
        size = head.output.in_features
        yield (
            "head.output",
            "Linear",
            (_shape("T", size), "1, T, labels"),
            head.output,
            "a score for each tag at each step",
        )
    else:
        yield from _classifier(head)


def _classifier(head: ClassificationHead) -> Iterator[_Part]:
    size = head.output.in_features
    pool = head.score if head.pooling == "attention" else nn.Identity()
    yield "head.pooling", head.pooling, (_shape("T", size), f"1, {size}"), pool, _POOLING[head.pooling]
    yield "head.output", "Linear", (f"1, {size}", "1, labels"), head.output, "a score for each label"


def _decoder(head: DecoderHead) -> Iterator[_Part]:
    vocabulary, embedded = head.embedding.weight.shape
    hidden = head.hidden_size
    start = f"1, {head.start.in_features}", f"1, {head.start.out_features}"
    yield "head.start", "Linear, tanh", start, head.start, "the first state of each layer, from what was read"
    shapes = "1, U", _shape("U", embedded)
    yield "head.embedding", "Embedding", shapes, head.embedding, "a vector for each token written so far"
    for index, layer in enumerate(head.layers):
        shapes = _sizes(layer, "U")
        yield f"head.layer {index + 1}", _cell(layer), shapes, layer, "writes: one state for each token"
        if index == 0 and head.attention is not None:
            memory = head.combine.in_features - hidden
            shapes = _shape("U", hidden), _shape("U", memory)
            yield "head.attention", head.attention.kind, shapes, head.attention, "weighs what was read, for each token"
            shapes = _shape("U", hidden + memory), _shape("U", hidden)
            yield "head.combine", "Linear, tanh", shapes, head.combine, "joins state and attention"
    if isinstance(head.project, nn.Linear):
        shapes = _shape("U", hidden), _shape("U", head.project.out_features)
        yield "head.project", "Linear", shapes, head.project, "to the size of the embeddings"
    shapes = _shape("U", head.output.in_features), _shape("U", vocabulary)
    does = "a score for each token of the vocabulary"
    if head.output.weight is head.embedding.weight:
        does += ", by its embedding"
    yield "head.output", "Linear", shapes, head.output, does


def _shape(steps: str, size: int) -> str:
    return f"1, {steps}, {size}"


def _sizes(layer: nn.Module, steps: str) -> tuple[str, str]:
    """The shapes of a recurrent layer."""
    inputs, hidden = (int(getattr(layer, name)) for name in ("input_size", "hidden_size"))
    return _shape(steps, inputs), _shape(steps, hidden)


def _cell(layer: nn.Module) -> str:
    return type(layer).__name__  # RNN, LSTM or GRU


def _labels() -> Labels:
    return Labels([str(label) for label in range(NUM_LABELS)])


def _vocabulary(size: int) -> Vocabulary:
    return Vocabulary([str(item) for item in range(size)], kept=size)


def _tokenizer(size: int, whole_tokens: Sequence[str] = ()) -> TextTokenizer:
    """As many tokens as the recipe allows."""
    tokens = [*SPECIAL_TOKENS, *whole_tokens]
    tokens += map(str, range(size - len(tokens)))
    ids = {token: index for index, token in enumerate(tokens)}
    return TextTokenizer(Tokenizer(models.WordLevel(ids, unk_token=SPECIAL_TOKENS[1])))
