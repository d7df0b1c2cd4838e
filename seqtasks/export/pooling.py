"""Pooling as ONNX: from the states of a sequence to one vector."""

import numpy as np

from seqtasks.export.graph import FLOAT, Graph
from seqtasks.export.recurrence import Encoded, real_steps
from seqtasks.heads import Pooling


def pooled(graph: Graph, pooling: Pooling, encoded: Encoded) -> str:
    """`seqtasks.heads.Pooling`: `(batch, hidden)`."""
    if pooling.kind == "final":
        return encoded.final
    if pooling.kind == "mean":
        total = graph.add("ReduceSum", encoded.states, graph.constant([1]), keepdims=0)
        lengths = graph.add("Cast", encoded.lengths, to=FLOAT)
        return graph.add("Div", total, graph.unsqueeze(lengths, 1))
    if pooling.kind == "max":
        return graph.add("ReduceMax", hidden_padding(graph, encoded.states, encoded), axes=[1], keepdims=0)
    scores = hidden_padding(graph, graph.linear(pooling.score, encoded.states), encoded)
    weighted = graph.add("Mul", graph.add("Softmax", scores, axis=1), encoded.states)
    return graph.add("ReduceSum", weighted, graph.constant([1]), keepdims=0)


def hidden_padding(graph: Graph, values: str, encoded: Encoded) -> str:
    """`(batch, time, features)` with minus infinity at padding."""
    real = graph.unsqueeze(real_steps(graph, encoded.states, encoded.lengths), 2)
    return graph.add("Where", real, values, graph.number(-np.inf))
