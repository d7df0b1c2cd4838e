"""A model as ONNX networks: one for labels, tags and numbers, two for texts.

A model that writes texts becomes an `encoder`, which reads the input once, and a `step`, which reads a token of every
hypothesis and gives the likeliest next ones; the search between them is `seqtasks.runtime.search`. Values named
`state_*` belong to hypotheses and become `next_*` with every step; those named `memory_*` belong to inputs and stay.
"""

import onnx
from torch import nn

from seqtasks.errors import ExportError
from seqtasks.export.decoder import begin, step
from seqtasks.export.graph import FLOAT, Graph
from seqtasks.export.inputs import encoding, sequence
from seqtasks.export.pooling import pooled
from seqtasks.export.recurrence import Encoded, read
from seqtasks.heads import ClassificationHead, CRFTaggingHead, DecoderHead, RegressionHead, TaggingHead
from seqtasks.tasks.model import SequenceModel


def networks(model: SequenceModel) -> dict[str, onnx.ModelProto]:
    """The networks of a model, by name.

    Args:
        model: trained.

    Returns:
        `model`, or `encoder` and `step`.

    Raises:
        ExportError: a part has no counterpart in ONNX.
    """
    if isinstance(model.head, DecoderHead):
        graph = Graph("encoder")
        begin(graph, model.head, encode(graph, model))
        return {"encoder": graph.build(), "step": step(model.head)}
    graph = Graph("model")
    scores, shape = _scores(graph, model.head, encode(graph, model))
    graph.output("logits", scores, FLOAT, shape)
    return {"model": graph.build()}


def encode(graph: Graph, model: SequenceModel) -> Encoded:
    """Input and backbone."""
    if model.backbone is None:
        return encoding(graph, model.input)
    return read(graph, model.backbone, *sequence(graph, model.input))


def _scores(graph: Graph, head: nn.Module, encoded: Encoded) -> tuple[str, list[str | int]]:
    """Logits or numbers, and their shape."""
    if isinstance(head, ClassificationHead | RegressionHead):
        vectors = pooled(graph, head.pooling, encoded)
        return graph.linear(head.output, vectors), ["batch", head.output.out_features]
    if isinstance(head, TaggingHead | CRFTaggingHead):
        return graph.linear(head.output, encoded.states), ["batch", "time", head.output.out_features]
    raise ExportError(f"head: {type(head).__name__} was given; expected labels, tags, numbers or texts")
