"""The exported networks answer as the run does."""

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from seqtasks.errors import ExportError
from seqtasks.verify.finding import Finding, judge, left_out


def check_export(run: Path) -> Finding:
    """Export the run in float32 into a temporary folder, which compares both on test rows."""
    name, question = "ONNX", "torch, and the exported networks under onnxruntime"
    if missing := [package for package in ("onnx", "onnxruntime") if find_spec(package) is None]:
        return left_out(name, question, f"{' and '.join(missing)} not installed: pip install seqtasks[onnx]")
    from seqtasks.export import export
    from seqtasks.export.parity import LARGEST_DIFFERENCE

    with TemporaryDirectory(prefix="seqtasks-verify-") as folder:
        try:
            found = export(run, Path(folder) / "export").export["parity"]
        except ExportError as error:
            if str(error).startswith("parity"):
                return Finding(name, question, "different", reason=str(error))
            return left_out(name, question, str(error).split(";")[0])
    return judge(
        name,
        question,
        cases=found["rows"],
        deviation=found["largest_difference"],
        tolerance=LARGEST_DIFFERENCE,
    )
