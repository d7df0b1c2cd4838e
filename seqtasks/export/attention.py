"""Attention as ONNX; the memory was prepared by the encoder. See `seqtasks.backbone.attention`."""

import numpy as np

from seqtasks.backbone import Attention
from seqtasks.export.graph import FLOAT, INT32, Graph
from seqtasks.export.recurrence import real_steps


def attended(graph: Graph, attention: Attention, queries: str, *, memory_size: int) -> str:
    """Contexts `(batch, queries, memory_size)` of queries `(batch, queries, query_size)`."""
    keys = graph.input("memory_keys", FLOAT, ["batch", "time", "key_size"])
    values = graph.input("memory_values", FLOAT, ["batch", "time", memory_size])
    lengths = graph.input("memory_lengths", INT32, ["batch"])
    real = graph.unsqueeze(real_steps(graph, values, lengths), 1)
    queries = graph.linear(attention.query, queries)
    if attention.kind == "multihead":
        return _multihead(graph, attention, (queries, keys, values), real)
    if attention.kind == "additive":
        sums = graph.add("Add", graph.unsqueeze(queries, 2), graph.unsqueeze(keys, 1))
        scores = graph.add("Squeeze", graph.linear(attention.score, graph.add("Tanh", sums)), graph.constant([3]))
    else:
        scores = graph.add("MatMul", queries, graph.transpose(keys, 0, 2, 1))
    return graph.add("MatMul", _weights(graph, scores, real), values)


def _multihead(graph: Graph, attention: Attention, parts: tuple[str, str, str], real: str) -> str:
    """Several scaled dot products side by side."""
    count = attention.num_heads

    def split(value: str) -> str:
        return graph.transpose(graph.reshape(value, 0, 0, count, -1), 0, 2, 1, 3)

    queries, keys, values = map(split, parts)
    size = attention.get_parameter("query.weight").shape[0] // count
    products = graph.add("MatMul", queries, graph.transpose(keys, 0, 1, 3, 2))
    scores = graph.add("Mul", products, graph.number(size**-0.5))
    weights = _weights(graph, scores, graph.unsqueeze(real, 1))
    joined = graph.transpose(graph.add("MatMul", weights, values), 0, 2, 1, 3)
    return graph.reshape(joined, 0, 0, -1)


def _weights(graph: Graph, scores: str, real: str) -> str:
    """Softmax over real steps."""
    shown = graph.add("Where", real, scores, graph.number(-np.inf))
    return graph.add("Softmax", shown, axis=-1)
