"""docs/recipe-reference.md is what its script makes of the schema, and leaves no field out."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from seqtasks.recipe.load import RECIPE_CLASSES

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("recipe_reference", DOCS / "recipe_reference.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_page_is_fresh(script):
    stored = script.PAGE.read_text(encoding="utf-8")
    assert stored == script.render(), "write it again: python docs/recipe_reference.py"


def test_every_field_of_every_task_is_there_and_has_a_meaning(script):
    rows = re.findall(r"^## (\w+)$|^\| `([\w.]+)` \| .* \| (.*) \|$", script.render(), flags=re.MULTILINE)
    block, found = "", set()
    for heading, field, meaning in rows:
        block = heading or block
        found.add((block, field))
        assert heading or meaning, (block, field)
    for recipe in RECIPE_CLASSES.values():
        for name, info in recipe.model_fields.items():
            for field in getattr(info.annotation, "model_fields", {}):
                assert (name, field) in found or field in ("split", "columns"), (name, field)
