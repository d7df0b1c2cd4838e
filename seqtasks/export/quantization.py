"""Networks with weights of 8 bits: smaller, and where the CPU has integer instructions faster.

LSTMs and matrix products compute in integers. Their weights are quantised once, what flows between them while the
network runs (dynamic quantisation), so no sample of data is needed. Over whole sequences onnxruntime has no such
operators for GRUs and plain RNNs: their weights are stored in 8 bits and become floats again when the network is read.
Embeddings are stored in 8 bits as well; convolutions stay as they are.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

_OPERATORS = ["LSTM", "MatMul", "Gemm", "Gather"]


def quantize(network: onnx.ModelProto, path: Path) -> None:
    """Write a network with weights of 8 bits.

    Each column of a matrix has a scale of its own. Integer products use seven of the bits, because those of eight
    overflow on CPUs with AVX2 but without VNNI, and an exported folder may run anywhere.

    Args:
        network: with weights of 32 bits; it is changed.
        path: of the new file.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    _separate_products(network.graph)
    _store_recurrent_weights(network.graph)
    # onnxruntime logs a warning if its optimiser has not seen the graph; there is nothing in it to be optimised.
    helper.set_model_props(network, {"onnx.quant.pre_process": "onnxruntime.quant"})
    quantize_dynamic(
        network,
        path,
        op_types_to_quantize=_OPERATORS,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        extra_options={"DisableShapeInference": True},
    )


def _separate_products(graph: onnx.GraphProto) -> None:
    """Give products weights of their own: the quantiser transposes them, also for a table that shares them."""
    weights = {weight.name: weight for weight in graph.initializer}
    for node in graph.node:
        if node.op_type == "Gemm":
            copy = graph.initializer.add()
            copy.CopyFrom(weights[node.input[1]])
            copy.name = node.input[1] = f"{copy.name}_of_product"


def _store_recurrent_weights(graph: onnx.GraphProto) -> None:
    """Weights `(directions, gates * hidden, features)` of GRUs and RNNs as integers, with a scale for each unit's gate.

    onnxruntime multiplies them once, when it loads the network, as all that goes into the product is constant.
    """
    weights = {weight.name: weight for weight in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type in ("GRU", "RNN"):
            for place in (1, 2):
                weight = weights[node.input[place]]
                values = numpy_helper.to_array(weight)
                scale = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-12) / 127
                name = weight.name
                weight.CopyFrom(numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}_integers"))
                graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}_scale"))
                nodes.append(
                    helper.make_node("Cast", [f"{name}_integers"], [f"{name}_cast"], to=onnx.TensorProto.FLOAT)
                )
                nodes.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name]))
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
