"""`Network`: one ONNX file, run by onnxruntime on the CPU."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from seqtasks.errors import ExportError

Values = dict[str, NDArray[Any]]
"""Arrays by the names that a network gives to its inputs and outputs."""


class Network:
    """A network from a file.

    Args:
        path: of the ONNX file.
        threads: that work on one run; None: one for each core.

    Raises:
        ExportError: onnxruntime is not installed, or cannot read the file.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        onnxruntime = _onnxruntime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or 0
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own exceptions have no common base
            reason = str(error).splitlines()[0]
            raise ExportError(
                f"{path}: cannot be loaded ({reason}); expected a network that `seqtasks export` wrote; export the run "
                "again"
            ) from None
        self.inputs = [value.name for value in self._session.get_inputs()]
        self.outputs = [value.name for value in self._session.get_outputs()]

    def __call__(self, values: Mapping[str, NDArray[Any]]) -> Values:
        """Run it; values that it does not read are left out."""
        found = self._session.run(self.outputs, {name: values[name] for name in self.inputs})
        return dict(zip(self.outputs, found, strict=True))


def _onnxruntime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ExportError(
            f"runtime: onnxruntime cannot be imported ({error}); it runs exported networks; "
            "run: pip install onnxruntime"
        ) from None
    return onnxruntime
