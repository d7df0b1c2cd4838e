"""The shape of the house: who imports whom, how large things are, what is never used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import api, cli

from seqtasks.recipe import load_recipe
from seqtasks.tasks import task_class

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "seqtasks").rglob("*.py"))
RECIPES = sorted((ROOT / "recipes").rglob("*.yaml"))
HEAVY = {"torch", "datasets", "sklearn", "sacrebleu", "altair", "accelerate", "transformers"}
UNSAFE_MODULES = {"pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
UNSAFE_NAMES = {
    "torch.load",
    "torch.save",
    "yaml.load",
    "yaml.unsafe_load",
    "yaml.full_load",
    "eval",
    "exec",
}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_follow_the_flow_of_the_data(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert api.read_configuration("pyproject.toml")["contracts_options"]
    assert cli.lint_imports(no_cache=True) == cli.EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("module", ["seqtasks", "seqtasks.cli", "seqtasks.recipe", "seqtasks.errors"])
def test_light_modules_import_nothing_heavy(module):
    script = f"import sys, {module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert module in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nothing_is_pickled_or_executed(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not UNSAFE_MODULES & {module.split(".")[0] for module in _imported(node)}
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in UNSAFE_NAMES
            # Archives are read member by member: no path inside one is ever a path on this machine.
            assert getattr(node.func, "attr", "") not in ("extract", "extractall", "unpack_archive")
            if ast.unparse(node.func) == "np.load":
                assert "allow_pickle=False" in ast.unparse(node)
            assert "trust_remote_code" not in {keyword.arg for keyword in node.keywords}
        assert not isinstance(node, ast.Assert)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


def test_there_are_modules_and_recipes():
    assert len(MODULES) > 50
    assert RECIPES


@pytest.mark.parametrize("path", RECIPES, ids=_name)
def test_a_recipe_is_short_valid_and_names_its_shape(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 45
    comments = " ".join(line for line in lines if line.lstrip().startswith("#")).lower()
    assert task_class(load_recipe(path)).shape in comments
