"""`Graph`: an ONNX graph, written node by node.

Graphs are written from a module's weights instead of being traced: a trace fixes what its example happened to be, and
ONNX's recurrent operators take lengths and directions, so padding needs no tricks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

OPSET = 17
"""Of the operators: read by onnxruntime since 1.12, and the first with layer normalisation."""

_IR_VERSION = 8  # belongs to OPSET; the newest one would shut out older runtimes

FLOAT, INT64, INT32 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32


class Graph:
    """Nodes, weights, inputs and outputs; each method returns the name of the value that it makes.

    Args:
        name: of the graph.

    Examples:
        >>> graph = Graph("double")
        >>> numbers = graph.input("numbers", FLOAT, ["batch"])
        >>> graph.output("doubled", graph.add("Add", numbers, numbers), FLOAT, ["batch"])
        >>> len(graph.build().graph.node)
        2
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._weights: dict[int, str] = {}

    def input(self, name: str, kind: int, shape: Sequence[str | int]) -> str:
        """What is given when the graph runs; dimensions with a name may be of any size."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, value: str, kind: int, shape: Sequence[str | int]) -> None:
        """What the graph returns, by a name of its own."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def constant(self, value: NDArray[Any] | Sequence[int] | int) -> str:
        """Numbers that are a part of the graph; plain integers become int64."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def number(self, value: float) -> str:
        """A float32 that is a part of the graph."""
        return self.constant(np.array(value, dtype=np.float32))

    def weight(self, weight: Tensor) -> str:
        """A weight as it is; one that several modules share is stored once."""
        key = weight.data_ptr()
        if key not in self._weights:
            self._weights[key] = self.constant(array(weight))
        return self._weights[key]

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        """A node with one output. An input named "" is left out."""
        return self.add_many(op, *inputs, outputs=1, **attributes)[0]

    def add_many(self, op: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        """A node with several outputs."""
        names = [f"{op.lower()}_{len(self._nodes)}_{index}" for index in range(outputs)]
        self._nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names

    def dimension(self, value: str, axis: int) -> str:
        """The size of one dimension, `(1,)`."""
        return self.add("Shape", value, start=axis, end=axis + 1)

    def reshape(self, value: str, *sizes: int | str) -> str:
        """Another shape; a size is a number (0 keeps that dimension, -1 fits) or the name of a `dimension`."""
        if all(isinstance(size, int) for size in sizes):
            return self.add("Reshape", value, self.constant([int(size) for size in sizes]))
        parts = [size if isinstance(size, str) else self.constant([size]) for size in sizes]
        return self.add("Reshape", value, self.add("Concat", *parts, axis=0))

    def unsqueeze(self, value: str, axis: int) -> str:
        """One more dimension, of size 1."""
        return self.add("Unsqueeze", value, self.constant([axis]))

    def transpose(self, value: str, *order: int) -> str:
        """Dimensions in another order."""
        return self.add("Transpose", value, perm=list(order))

    def linear(self, layer: nn.Module, value: str) -> str:
        """`nn.Linear` over the last dimension; `nn.Identity` changes nothing."""
        if isinstance(layer, nn.Identity):
            return value
        if not isinstance(layer, nn.Linear):
            raise TypeError(f"linear: {type(layer).__name__} was given; expected nn.Linear or nn.Identity")
        product = self.add("MatMul", value, self.constant(array(layer.weight).T))
        return product if layer.bias is None else self.add("Add", product, self.weight(layer.bias))

    def build(self) -> onnx.ModelProto:
        """The checked model."""
        graph = helper.make_graph(self._nodes, self.name, self._inputs, self._outputs, self._constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION, producer_name="seqtasks"
        )
        onnx.checker.check_model(model, full_check=True)
        return model


def array(weight: Tensor) -> NDArray[np.float32]:
    """A weight as numbers."""
    found: NDArray[np.float32] = weight.detach().float().cpu().numpy()
    return found
