"""The inputs of a model as ONNX: tokens, spellings, frames, attributes and pictures to vectors.

The names of a graph's inputs are those that `seqtasks.runtime.inputs` fills.
"""

from typing import Any

import numpy as np
from torch import nn

from seqtasks.backbone import AttributeInput, CharacterFeatures, FrameInput, ImageInput, TokenInput
from seqtasks.errors import ExportError
from seqtasks.export.graph import FLOAT, INT32, INT64, Graph
from seqtasks.export.recurrence import Encoded, read, real_steps


def sequence(graph: Graph, module: nn.Module) -> tuple[str, str]:
    """Tokens or frames to vectors `(batch, time, features)`, and their lengths `(batch,)`.

    Raises:
        ExportError: an input of another kind.
    """
    if isinstance(module, TokenInput):
        ids = graph.input("ids", INT64, ["batch", "time"])
        lengths = graph.input("lengths", INT32, ["batch"])
        vectors = graph.add("Gather", graph.weight(module.embedding.weight), ids)
        if module.characters is not None:
            vectors = graph.add("Concat", vectors, _spelled(graph, module.characters), axis=-1)
        if module.factors:
            vectors = graph.add("Concat", vectors, *_described(graph, module.factors), axis=-1)
        return vectors, lengths
    if isinstance(module, FrameInput):
        frames = graph.input("frames", FLOAT, ["batch", "time", _num_features(module)])
        lengths = graph.input("lengths", INT32, ["batch"])
        if isinstance(module.project, nn.Sequential):
            frames = graph.add("Relu", graph.linear(module.project[0], frames))
        return frames, lengths
    raise ExportError(f"input: {type(module).__name__} was given; expected tokens or frames; export another run")


def encoding(graph: Graph, module: nn.Module) -> Encoded:
    """Attributes or pictures to an encoding, without a backbone.

    Raises:
        ExportError: an input of another kind.
    """
    if isinstance(module, AttributeInput):
        ids = graph.input("ids", INT64, ["batch", "attributes"])
        lengths = graph.input("lengths", INT32, ["batch"])
        states = graph.add("Gather", graph.weight(module.embedding.weight), ids)
        return Encoded(states, graph.add("ReduceSum", states, graph.constant([1]), keepdims=0), lengths)
    if isinstance(module, ImageInput):
        return _picture(graph, module)
    raise ExportError(f"input: {type(module).__name__} was given; expected attributes or pictures; export another run")


def _num_features(module: FrameInput) -> int:
    if isinstance(module.project, nn.Sequential):
        return module.get_parameter("project.0.weight").shape[1]
    return module.output_size


def _spelled(graph: Graph, characters: CharacterFeatures) -> str:
    """A vector for each word, `(batch, time, size)`; each distinct word is read once."""
    ids = graph.input("spelling", INT64, ["words", "longest_word"])
    lengths = graph.input("spelling_lengths", INT32, ["words"])
    places = graph.input("words", INT64, ["batch", "time"])
    embedded = graph.add("Gather", graph.weight(characters.embedding.weight), ids)
    if isinstance(characters.encoder, nn.Conv1d):
        words = _convolved(graph, characters.encoder, embedded, lengths)
    else:
        words = read(graph, characters.encoder, embedded, lengths).final  # type: ignore[arg-type]
    return graph.add("Gather", words, places)


def _described(graph: Graph, factors: nn.ModuleList) -> list[str]:
    """A vector for each factor, `(batch, time, size)`."""
    ids = graph.input("factors", INT64, ["batch", "time", len(factors)])
    tables = [graph.weight(factor.get_parameter("weight")) for factor in factors]
    places = [graph.add("Gather", ids, graph.constant(place), axis=2) for place in range(len(tables))]
    return [graph.add("Gather", table, place) for table, place in zip(tables, places, strict=True)]


def _convolved(graph: Graph, convolution: nn.Conv1d, embedded: str, lengths: str) -> str:
    """The maximum over a word's real positions, `(words, channels)`."""
    real = graph.unsqueeze(real_steps(graph, embedded, lengths), 1)
    letters = graph.add("Where", real, graph.transpose(embedded, 0, 2, 1), graph.number(0))
    maps = _convolution(graph, convolution, letters)
    shown = graph.add("Where", real, maps, graph.number(-np.inf))
    return graph.add("ReduceMax", shown, axes=[2], keepdims=0)


def _convolution(graph: Graph, layer: nn.Conv1d | nn.Conv2d, maps: str) -> str:
    weights = [graph.weight(weight) for weight in (layer.weight, layer.bias) if weight is not None]
    padding = [int(size) for size in layer.padding]
    return graph.add("Conv", maps, *weights, pads=padding * 2, strides=list(layer.stride))


def _picture(graph: Graph, module: ImageInput) -> Encoded:
    channels = next(module.parameters()).shape[1]
    maps = graph.input("pixels", FLOAT, ["batch", channels, module.size, module.size])
    for stage in module.stages:
        halved = _block(graph, stage.halve, maps)
        maps = graph.add("Add", halved, _block(graph, stage.refine, halved))
    regions = graph.transpose(graph.reshape(maps, 0, 0, -1), 0, 2, 1)
    lengths = graph.add("Expand", graph.dimension(regions, 1), graph.dimension(regions, 0))
    return Encoded(regions, graph.reshape(regions, 0, -1), graph.add("Cast", lengths, to=INT32))


def _block(graph: Graph, block: Any, maps: str) -> str:
    """Convolution, batch normalisation with the statistics of training, ReLU."""
    convolution, norm, _ = block
    if not isinstance(convolution, nn.Conv2d) or not isinstance(norm, nn.BatchNorm2d):
        raise TypeError(f"stage: {type(convolution).__name__}, {type(norm).__name__}; expected Conv2d, BatchNorm2d")
    weights = (norm.weight, norm.bias, norm.running_mean, norm.running_var)
    names = [graph.weight(weight) for weight in weights if weight is not None]
    maps = _convolution(graph, convolution, maps)
    return graph.add("Relu", graph.add("BatchNormalization", maps, *names, epsilon=norm.eps))
