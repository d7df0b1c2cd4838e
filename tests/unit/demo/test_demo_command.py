"""`seqtasks demo`: what it says, and that nobody else pays for its page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import seqtasks
from seqtasks.cli import main


def invoke(*arguments):
    return CliRunner().invoke(main, ["demo", *map(str, arguments)], catch_exceptions=False)


def test_without_gradio_the_command_says_how_to_get_it(demo_run, monkeypatch):
    monkeypatch.setattr("seqtasks.cli.demo.find_spec", lambda name: None)
    result = invoke(demo_run("tagging"))
    assert result.exit_code == 2
    assert "gradio is not installed" in result.output
    assert "pip install 'seqtasks[demo]'" in result.output


def test_what_is_no_run_is_refused(tmp_path):
    result = invoke(tmp_path / "none", "--no-open")
    assert result.exit_code == 2
    assert "there is no such run directory" in result.output


def test_it_opens_the_page_and_ends_with_ctrl_c(demo_run, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", opened.append)
    monkeypatch.setattr("seqtasks.demo.server.wait", lambda: None)
    result = invoke(demo_run("tagging"))
    assert result.exit_code == 0, result.output
    (address,) = opened
    assert address.startswith("http://127.0.0.1:")
    assert f"page: {address}" in result.output
    opened.clear()
    assert invoke(demo_run("tagging"), "--no-open").exit_code == 0
    assert not opened


def test_a_port_that_is_taken(demo_run):
    from seqtasks.demo import build_page, serve
    from seqtasks.errors import RunError

    with serve(build_page(demo_run("tagging"))) as address:
        port = int(address.rstrip("/").rpartition(":")[2])
        with (
            pytest.raises(RunError, match=f"port {port}: cannot be had"),
            serve(build_page(demo_run("tagging")), port=port),
        ):
            pass


def test_only_the_demo_imports_gradio():
    package = Path(seqtasks.__file__).parent
    importing = {file.relative_to(package).parts[0] for file in package.rglob("*.py") if _imports_gradio(file)}
    assert importing == {"demo"}
    loaded = "import sys, seqtasks.cli.demo; print('gradio' in sys.modules or 'seqtasks.demo' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _imports_gradio(file):
    return re.search(r"^\s*(import|from) gradio", file.read_text(encoding="utf-8"), re.MULTILINE) is not None
