"""The text decoder as ONNX: its first state, and one step of every hypothesis; see `seqtasks.heads.decoder`."""

import onnx

from seqtasks.export.attention import attended
from seqtasks.export.cell import cell_step
from seqtasks.export.graph import FLOAT, INT32, INT64, Graph
from seqtasks.export.recurrence import Encoded
from seqtasks.heads import DecoderHead


def begin(graph: Graph, head: DecoderHead, encoded: Encoded) -> None:
    """Write the outputs of the encoder: the state of one hypothesis an input, and what is attended to.

    Args:
        graph: of the encoder.
        head: the decoder.
        encoded: the read input.
    """
    size = head.hidden_size
    start = graph.add("Tanh", graph.linear(head.start, encoded.final))
    start = graph.unsqueeze(start, 1)
    count = head.start.out_features // size
    parts = graph.add_many("Split", start, graph.constant([size] * count), outputs=count, axis=2)
    for index, part in enumerate(parts):
        graph.output(f"state_{index}", part, FLOAT, ["batch", 1, size])
    if head.input_feeding:
        nothing = graph.add("Mul", parts[0], graph.number(0))
        graph.output("state_feed", nothing, FLOAT, ["batch", 1, size])
    if head.attention is not None:
        keys = graph.linear(head.attention.key, encoded.states)
        graph.output("memory_keys", keys, FLOAT, ["batch", "time", size])
        values = graph.linear(head.attention.value, encoded.states)
        graph.output("memory_values", values, FLOAT, ["batch", "time", _memory_size(head)])
        graph.output("memory_lengths", encoded.lengths, INT32, ["batch"])


def _memory_size(head: DecoderHead) -> int:
    return head.combine.in_features - head.hidden_size


def step(head: DecoderHead) -> onnx.ModelProto:
    """The network of one step.

    It reads `tokens` `(batch, hypotheses)`, the states, the memory and `candidates` `(1,)`, how many continuations of
    each hypothesis are wanted; it gives their `log_probs` and `ids` `(batch, hypotheses, candidates)`, the likeliest
    first, and the new states. Only those leave the network, so the whole vocabulary is never copied.
    """
    graph = Graph("step")
    size = head.hidden_size
    tokens = graph.input("tokens", INT64, ["batch", "hypotheses"])
    candidates = graph.input("candidates", INT64, [1])
    batch, hypotheses = graph.dimension(tokens, 0), graph.dimension(tokens, 1)
    table = graph.weight(head.embedding.weight)
    vectors = graph.add("Gather", table, graph.reshape(tokens, -1))
    if head.input_feeding:
        fed = graph.input("state_feed", FLOAT, ["batch", "hypotheses", size])
        vectors = graph.add("Concat", vectors, graph.reshape(fed, -1, size), axis=-1)
    for index, layer in enumerate(head.layers):
        numbers = range(index * head.states_per_layer, (index + 1) * head.states_per_layer)
        given = [graph.input(f"state_{number}", FLOAT, ["batch", "hypotheses", size]) for number in numbers]
        last = cell_step(graph, layer, vectors, [graph.reshape(part, -1, size) for part in given])
        for number, part in zip(numbers, last, strict=True):
            after = graph.reshape(part, batch, hypotheses, size)
            graph.output(f"next_{number}", after, FLOAT, ["batch", "hypotheses", size])
        states = last[0]
        if index > 0:
            states = graph.add("Add", states, vectors)
        elif head.attention is not None:
            queries = graph.reshape(states, batch, hypotheses, size)
            context = attended(graph, head.attention, queries, memory_size=_memory_size(head))
            joined = graph.add("Concat", states, graph.reshape(context, -1, _memory_size(head)), axis=-1)
            states = graph.add("Tanh", graph.linear(head.combine, joined))
            if head.input_feeding:
                fed = graph.reshape(states, batch, hypotheses, size)
                graph.output("next_feed", fed, FLOAT, ["batch", "hypotheses", size])
        vectors = states
    rows = graph.linear(head.project, vectors)
    # The product reads the embeddings as they lie, so those that are tied are stored once.
    weights = graph.weight(head.output.weight), graph.weight(head.output.bias)
    log_probs = graph.add("LogSoftmax", graph.add("Gemm", rows, *weights, transB=1), axis=-1)
    for name, value, kind in zip(
        ("log_probs", "ids"), graph.add_many("TopK", log_probs, candidates, outputs=2), (FLOAT, INT64), strict=True
    ):
        shaped = graph.reshape(value, batch, hypotheses, candidates)
        graph.output(name, shaped, kind, ["batch", "hypotheses", "found"])
    return graph.build()
