"""Leaves the folders of this machine out of what is shared: `/home/ada/reviews/train.csv` becomes `train.csv`."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any

from seqtasks.files import read_json
from seqtasks.recipe import Recipe, dump_recipe, load_recipe
from seqtasks.recipe.blocks import Block

_FOLDERS = re.compile(r"""(?<![\w.:/\\~-])(?:file://)?(?:[A-Za-z]:)?[\\/](?:[^\s\\/'"]+[\\/])+""")
"""The folders of an absolute path in a text; what follows a word, as in `and/or`, or `:`, as in an address, is none."""

_PATHS = frozenset({"path", "data_files", "vectors", "init_from"})
"""Fields of a recipe that may name files."""


def without_folders(text: str) -> str:
    """A text in which every absolute path is left with its last name alone."""
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(text).is_absolute() and "\n" not in text:
            return kind(text).name or text
    return _FOLDERS.sub("", text)


def clean_command(command: str) -> str:
    """A command line whose arguments name no folders of this machine."""
    try:
        arguments = shlex.split(command)
    except ValueError:
        return without_folders(command)
    return shlex.join(map(_clean_argument, arguments))


def _clean_argument(argument: str) -> str:
    key, equals, value = argument.partition("=")
    return key + equals + without_folders(value) if equals and "/" not in key else without_folders(argument)


def clean_recipe(recipe: Recipe) -> Recipe:
    """A recipe whose paths are names."""
    return _clean_block(recipe)


def _clean_block(block: Any) -> Any:
    update = {
        name: _clean_block(value) if isinstance(value, Block) else _clean_value(value) if name in _PATHS else value
        for name, value in block
    }
    return block.model_copy(update=update)


def _clean_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean_value(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_clean_value(part) for part in value]
    return without_folders(value) if isinstance(value, str) else value


def _recipe(path: Path) -> str:
    recipe = load_recipe(path)
    cleaned = clean_recipe(recipe)
    return path.read_text(encoding="utf-8") if cleaned == recipe else dump_recipe(cleaned)


def _environment(path: Path) -> str:
    content = read_json(path)
    return _dump(content | {"command": clean_command(content["command"])})


def _data(path: Path) -> str:
    content = read_json(path)
    return _dump(content | {"dataset": content["dataset"] | {"path": _clean_value(content["dataset"].get("path"))}})


def _verify(path: Path) -> str:
    return _dump([finding | {"reason": without_folders(finding["reason"])} for finding in read_json(path)])


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


CLEANED: Mapping[str, Callable[[Path], str]] = MappingProxyType(
    {"recipe.yaml": _recipe, "environment.json": _environment, "data.json": _data, "verify.json": _verify}
)
"""Files that may name folders, and what is shared of each."""
