"""What README shows runs as it stands."""

import re
from pathlib import Path

import pytest
import torch

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_library_example_learns_its_batch(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = [block for block in PYTHON if "TaggingHead" in block]
    torch.manual_seed(0)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    predicted, labels = names["output"].logits.argmax(-1), names["batch"]["labels"]  # type: ignore[attr-defined,index]
    learned = labels != -100
    assert torch.equal(predicted[learned], labels[learned])
    assert "tensor" in capsys.readouterr().out


def test_commands_name_files_that_are_there() -> None:
    root = Path(__file__).parents[2]
    for name in re.findall(r"\b(?:recipes|docs)/[a-z_/-]+\.\w+", README):
        assert (root / name).exists(), name
