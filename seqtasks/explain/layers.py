"""Every layer of a network: shapes, parameters, what it does.

Shapes are for a batch of one row; `STEPS` says what their letters mean. Layers are read off the built model, one
function for each kind of part.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from torch import nn

from seqtasks.backbone import RNN, AttributeInput, FeatureInput, FrameInput, ImageInput, TokenInput
from seqtasks.backbone.min_cells import MinCell
from seqtasks.heads import (
    ClassificationHead,
    CRFTaggingHead,
    DecoderHead,
    LanguageModelHead,
    RegressionHead,
    TaggingHead,
)
from seqtasks.tasks.model import SequenceModel

STEPS = {"T": "steps read", "C": "characters of a word", "A": "attributes", "U": "tokens written"}
"""What the letters in shapes count."""

POOLING = {
    "final": "the state after the last real step of each direction",
    "mean": "the mean of all states",
    "max": "the maximum of all states",
    "attention": "a weighted sum of all states",
}
"""The vector that is made of all states."""

_Part = tuple[str, str, tuple[str, str], Iterable[nn.Parameter], str]


@dataclass(frozen=True)
class Layer:
    """A line of the table.

    Attributes:
        name: where it stands in the model.
        kind: what it is called.
        shapes: what goes in and what comes out; nothing goes into what is only learned.
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


def list_layers(model: SequenceModel) -> list[Layer]:
    """The layers of a model, in the order in which data passes them."""
    counted: set[int] = set()
    layers = []
    for name, kind, shapes, parameters, does in [*_input(model.input), *_backbone(model.backbone), *_head(model)]:
        held = list(parameters)
        own = [parameter for parameter in held if id(parameter) not in counted]
        counted.update(map(id, own))
        count = sum(parameter.numel() for parameter in own)
        layers.append(Layer(name, kind, shapes, count, does, is_shared=bool(held) and not own))
    return layers


def cell_name(layer: nn.Module) -> str:
    """What the literature calls a recurrent layer: RNN, LSTM, GRU, minGRU or minLSTM."""
    return type(layer).__name__.replace("Min", "min")


def frame_size(part: FrameInput) -> int:
    """How many numbers a frame has."""
    linear = next((layer for layer in part.project.modules() if isinstance(layer, nn.Linear)), None)
    return part.output_size if linear is None else linear.in_features


def _input(part: nn.Module) -> Iterator[_Part]:
    match part:
        case TokenInput():
            yield from _tokens(part)
        case FrameInput():
            yield from _frames(part)
        case ImageInput():
            yield from _pictures(part)
        case FeatureInput():
            pass
        case AttributeInput():
            ids, size = part.embedding.weight.shape
            does = f"a vector for each of {ids:,} attributes; then their sum"
            yield "input.embedding", "Embedding", ("1, A", _shape("A", size)), part.parameters(), does
        case _:
            raise TypeError(f"model.input: {type(part).__name__} cannot be explained; add it to explain/layers.py")


def _tokens(part: TokenInput) -> Iterator[_Part]:
    ids, size = part.embedding.weight.shape
    does = f"a vector for each of {ids:,} ids"
    yield "input.embedding", "Embedding", ("1, T", _shape("T", size)), part.embedding.parameters(), does
    spelled = part.characters
    if spelled is not None:
        shapes = "1, T, C", _shape("T", spelled.output_size)
        kind = "characters LSTM" if isinstance(spelled.encoder, RNN) else "characters CNN"
        does = "a vector for each word, read from its C characters"
        yield "input.characters", kind, shapes, spelled.parameters(), does
    for place, factor in enumerate(part.factors):
        ids, size = factor.get_parameter("weight").shape
        does = f"a vector for each of {ids:,} values of a further column"
        yield f"input.factors.{place}", "Embedding", ("1, T", _shape("T", size)), factor.parameters(), does


def _frames(part: FrameInput) -> Iterator[_Part]:
    if not isinstance(part.project, nn.Identity):
        shapes = _shape("T", frame_size(part)), _shape("T", part.output_size)
        yield "input.project", "Linear, ReLU", shapes, part.project.parameters(), "a vector for each frame"


def _pictures(part: ImageInput) -> Iterator[_Part]:
    size = part.size
    for index, stage in enumerate(part.stages):
        convolutions = [layer for layer in stage.modules() if isinstance(layer, nn.Conv2d)]
        before = f"1, {convolutions[0].in_channels}, {size}, {size}"
        size = -(-size // 2)
        shapes = before, f"1, {convolutions[-1].out_channels}, {size}, {size}"
        does = "finds patterns of a larger area, halves the picture"
        yield f"input.stages.{index}", f"{len(convolutions)} x Conv2d", shapes, stage.parameters(), does


def _backbone(part: RNN | None) -> Iterator[_Part]:
    if part is None:
        return
    directions = ("→", part.forward_layers, part.forward_initial), ("←", part.backward_layers, part.backward_initial)
    for index in range(len(part.forward_layers)):
        for arrow, layers, initial in directions:
            if initial:
                shapes = "", f"1, {initial[index].shape[-1]}"
                does = "where reading starts, instead of zero"
                yield f"backbone.start {index + 1}", f"state {arrow}", shapes, [initial[index]], does
            if layers:
                layer = layers[index]
                way = "forward" if arrow == "→" else "backward"
                order = "all steps at once in training" if isinstance(layer, MinCell) else "one step after the other"
                does = f"reads {way}, {order}"
                kind = f"{cell_name(layer)} {arrow}"
                yield f"backbone.layer {index + 1}", kind, _sizes(layer, "T"), layer.parameters(), does
        if part.norms:
            shape = _shape("T", part.output_size)
            does = "brings each step's states to mean 0 and variance 1"
            yield f"backbone.norm {index + 1}", "LayerNorm", (shape, shape), part.norms[index].parameters(), does


def _head(model: SequenceModel) -> Iterator[_Part]:
    head = model.head
    match head:
        case ClassificationHead():
            yield from _pooling(model, head)
            yield _linear(head.output, "1, labels", "a score for each label")
        case RegressionHead():
            yield from _pooling(model, head)
            yield _linear(head.output, f"1, {head.output.out_features}", "each number of the answer")
        case TaggingHead() | CRFTaggingHead():
            yield _linear(head.output, "1, T, labels", "a score for each tag at each step")
            if isinstance(head, CRFTaggingHead):
                links = head.start, head.transitions, head.end
                does = "a score for each tag behind each tag, and at both ends"
                yield "head.transitions", "CRF", ("1, T, labels", "1, T"), links, does
        case LanguageModelHead():
            yield from _vocabulary_scores(head, model.input, "T")
        case DecoderHead():
            yield from _decoder(head)
        case _:
            raise TypeError(f"model.head: {type(head).__name__} cannot be explained; add it to explain/layers.py")


def _pooling(model: SequenceModel, head: ClassificationHead | RegressionHead) -> Iterator[_Part]:
    if model.backbone is None:
        return  # there is one vector already
    size, kind = model.backbone.output_size, head.pooling.kind
    yield "head.pooling", kind, (_shape("T", size), f"1, {size}"), head.pooling.parameters(), POOLING[kind]


def _linear(layer: nn.Linear, output: str, does: str) -> _Part:
    steps = "1, T, " if "T" in output else "1, "
    return "head.output", "Linear", (f"{steps}{layer.in_features}", output), layer.parameters(), does


def _decoder(head: DecoderHead) -> Iterator[_Part]:
    hidden, embedding = head.hidden_size, head.embedding
    shapes = f"1, {head.start.in_features}", f"1, {head.start.out_features}"
    does = "the first state of each layer, from what was read"
    yield "head.start", "Linear, tanh", shapes, head.start.parameters(), does
    shapes = "1, U", _shape("U", embedding.embedding_dim)
    yield "head.embedding", "Embedding", shapes, embedding.parameters(), "a vector for each token written so far"
    for index, layer in enumerate(head.layers):
        does = "writes: one state for each token"
        yield f"head.layer {index + 1}", cell_name(layer), _sizes(layer, "U"), layer.parameters(), does
        if index == 0 and head.attention is not None:
            memory = head.combine.in_features - hidden
            shapes = _shape("U", hidden), _shape("U", memory)
            does = "weighs what was read, for each token"
            yield "head.attention", head.attention.kind, shapes, head.attention.parameters(), does
            shapes = _shape("U", hidden + memory), _shape("U", hidden)
            yield "head.combine", "Linear, tanh", shapes, head.combine.parameters(), "joins state and attention"
    yield from _vocabulary_scores(head, embedding, "U")


def _vocabulary_scores(head: DecoderHead | LanguageModelHead, embeddings: nn.Module, steps: str) -> Iterator[_Part]:
    if isinstance(head.project, nn.Linear):
        shapes = _shape(steps, head.project.in_features), _shape(steps, head.project.out_features)
        yield "head.project", "Linear", shapes, head.project.parameters(), "to the size of the embeddings"
    shapes = _shape(steps, head.output.in_features), _shape(steps, head.output.out_features)
    does = "a score for each token of the vocabulary"
    if any(parameter is head.output.weight for parameter in embeddings.parameters()):
        does += ", by its embedding"
    yield "head.output", "Linear", shapes, head.output.parameters(), does


def _shape(steps: str, size: int) -> str:
    return f"1, {steps}, {size}"


def _sizes(layer: nn.Module, steps: str) -> tuple[str, str]:
    """The shapes of a recurrent layer."""
    inputs, hidden = (int(getattr(layer, name)) for name in ("input_size", "hidden_size"))
    return _shape(steps, inputs), _shape(steps, hidden)
