"""Recipe files: reading, writing, and files that are none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import seqtasks
from seqtasks.errors import RecipeError
from seqtasks.recipe import dump_recipe, json_schema, load_recipe, parse_recipe
from seqtasks.recipe.load import RECIPE_CLASSES

TEXT = "task: tagging\ndataset: {path: x}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with `recipes/translate.yaml`."""
    monkeypatch.chdir(tmp_path)
    Path("recipes").mkdir()
    Path("recipes/translate.yaml").write_text("task: translation\ndataset: {path: x}\n", encoding="utf-8")
    return tmp_path


def message(path: str) -> str:
    with pytest.raises(RecipeError) as caught:
        load_recipe(Path(path))
    return str(caught.value)


@pytest.mark.usefixtures("folder")
def test_file_and_overrides() -> None:
    recipe = load_recipe(Path("recipes/translate.yaml"), ["train.seed=3"])
    assert (recipe.task, recipe.train.seed) == ("translation", 3)


@pytest.mark.usefixtures("folder")
def test_files_that_are_no_recipes() -> None:
    hint = 'Did you mean "recipes/translate.yaml"?'
    Path("latin.yaml").write_bytes("task: tagging\n# Zürich".encode("latin-1"))
    Path("large.yaml").write_bytes(b"#" * 1_000_001)
    Path("empty.yaml").touch()
    assert message("recipes/translat.yml") == f"recipes/translat.yml: no such file. {hint}"
    assert message("recipes/translate") == f"recipes/translate: no such file. {hint}"
    assert message("recipes/ner.yaml") == "recipes/ner.yaml: no such file; recipes there: translate.yaml"
    assert message("nowhere/ner.yaml") == "nowhere/ner.yaml: no such file"
    assert message("recipes") == "recipes: a folder; expected a recipe file; recipes there: translate.yaml"
    assert message("latin.yaml") == "latin.yaml:2: not UTF-8 text; save the file as UTF-8"
    assert message("large.yaml") == "large.yaml: larger than 1000000 bytes; expected a recipe, a short YAML file"
    assert message("empty.yaml").startswith("empty.yaml:1: nothing is written here; expected a recipe")
    assert message("empty.yaml/x") == "empty.yaml/x: cannot be read (Not a directory); expected a recipe file"


@pytest.mark.usefixtures("folder")
def test_byte_order_mark_and_windows_line_ends() -> None:
    Path("r.yaml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_recipe(Path("r.yaml")) == parse_recipe(TEXT, source="r.yaml")


def test_a_default_does_not_depend_on_its_neighbours() -> None:
    """To write one field of a block must not change the others."""
    for task, model in RECIPE_CLASSES.items():
        bare = f"task: {task}\ndataset:\n  path: x\n"
        empty_blocks = "".join(f"{name}: {{}}\n" for name in model.model_fields if name not in ("task", "dataset"))
        written = bare + "  split: {}\n  columns: {}\n" + empty_blocks
        assert parse_recipe(written, source="r.yaml") == parse_recipe(bare, source="r.yaml")


def test_dump_writes_every_default() -> None:
    values = dump_recipe(parse_recipe(TEXT, source="r.yaml"))
    assert "\ntrain:\n  seed: 0\n  epochs: 10.0\n  max_steps: null\n" in values
    assert "  columns:\n    tokens: tokens\n    tags: tags\n" in values


def test_json_schema_describes_all_tasks() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    names = {reference["$ref"].rpartition("/")[2] for reference in schema["oneOf"]}
    assert names == {recipe.__name__ for recipe in RECIPE_CLASSES.values()}
    train = schema["$defs"]["TrainBlock"]
    assert train["additionalProperties"] is False
    assert train["properties"]["max_steps"]["description"] == "optimizer steps; takes the place of epochs"


def test_reading_and_refusing_a_recipe_is_quick_and_without_torch() -> None:
    """The budget is for one process from its start, with room for a busy machine."""
    program = (
        "import sys, time; started = time.process_time()\n"
        "from seqtasks.recipe import parse_recipe\n"
        "try: parse_recipe('task: tagging\\ntrain: {epoch: 3, attention: dot}', source='r.yaml')\n"
        "except ValueError as error: print(len(str(error).splitlines()))\n"
        "print(*{'torch', 'numpy', 'datasets', 'sklearn'} & set(sys.modules))\n"
        "print(time.process_time() - started)"
    )
    package_parent = Path(seqtasks.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=package_parent, capture_output=True, text=True, check=True
    )
    mistakes, heavy_modules, seconds = done.stdout.splitlines()
    assert mistakes == "3"
    assert heavy_modules == ""
    assert float(seconds) < 5
