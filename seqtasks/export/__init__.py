"""A run as ONNX networks that answer without torch.

    inputs, recurrence, pooling, attention, decoder -> networks -> quantization -> folder, with parity and latency

Networks are written from the weights (`graph`), so any batch size and any length will do. What reads the folder is
`seqtasks.runtime`.
"""

from importlib.util import find_spec

from seqtasks.errors import ExportError

if missing := [package for package in ("onnx", "onnxruntime") if find_spec(package) is None]:
    raise ExportError(
        f"export: {' and '.join(missing)} not installed; expected both onnx, which writes networks, and onnxruntime, "
        "which runs them; run: pip install seqtasks[onnx]"
    )

from seqtasks.export.folder import export
from seqtasks.export.terminal import print_export

__all__ = ["export", "print_export"]
