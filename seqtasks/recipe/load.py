"""From a recipe file and overrides to a checked `Recipe`, and back to a file.

First room of the pipeline: whatever a run does is said by the recipe that `load_recipe` returns.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

from pydantic import TypeAdapter, ValidationError

from seqtasks.errors import RecipeError
from seqtasks.recipe.blocks import Block
from seqtasks.recipe.document import Document, read_document, write_yaml
from seqtasks.recipe.mistakes import Mistake, Origin
from seqtasks.recipe.overrides import apply_override
from seqtasks.recipe.recipes import AnyRecipe, Recipe
from seqtasks.recipe.wording import Explainer, kind, not_one_of

MAX_BYTES = 1_000_000
"""Size limit of a recipe file."""

RECIPE_CLASSES: Mapping[str, type[Block]] = MappingProxyType(
    {get_args(model.model_fields["task"].annotation)[0]: model for model in get_args(Recipe)}
)
"""The recipe class of each task."""


def load_recipe(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """Read a recipe file.

    Args:
        path: the YAML file.
        overrides: `key.sub=value` each, laid over the file from left to right.

    Returns:
        the recipe, every default filled in.

    Raises:
        RecipeError: the file cannot be read, or says something impossible; every mistake has its line.
    """
    return parse_recipe(_read_text(path), source=str(path), overrides=overrides)


def parse_recipe(text: str, *, source: str, overrides: Sequence[str] = ()) -> Recipe:
    """Read a recipe from YAML text.

    Args:
        text: the YAML.
        source: what error messages call the text, such as its file name.
        overrides: `key.sub=value` each, laid over the text from left to right.

    Returns:
        the recipe, every default filled in.

    Raises:
        RecipeError: one line for each mistake, in the order of the text, then of the overrides.
    """
    document = read_document(text, lambda line, column: Origin((0, line, column), f"{source}:{line}"))
    recipe = None
    if isinstance(document.value, dict):
        for index, override in enumerate(overrides):
            apply_override(document, override, index=index)
        recipe = _check(document)
    elif not document.mistakes:
        given = "nothing is written here" if document.value is None else f"{kind(document.value)} stands here"
        reason = f'{given}; expected a recipe: fields such as "task: tagging"'
        document.mistakes.append(Mistake(document.origin(()), (), reason))
    if recipe is None or document.mistakes:
        # What the YAML reader found wrong with a value spares the type check's verdict on it.
        first_words = {(mistake.origin, mistake.path): mistake for mistake in reversed(document.mistakes)}
        mistakes = sorted(first_words.values(), key=lambda mistake: mistake.origin)
        raise RecipeError("\n".join(map(str, mistakes)))
    return recipe


def dump_recipe(recipe: Recipe) -> str:
    """The recipe as YAML with every default written out; `parse_recipe` reads it back to an equal recipe."""
    values = recipe.model_dump()
    if recipe.train.max_steps is not None:
        del values["train"]["epochs"]  # the reader takes only one of the two
    return write_yaml(values)


def json_schema() -> dict[str, Any]:
    """JSON Schema of all recipes, for completion and checks in editors.

    A recipe names it in a comment: `# yaml-language-server: $schema=recipe.schema.json`.
    """
    schema = TypeAdapter(AnyRecipe).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "seqtasks recipe", **schema}


def _check(document: Document) -> Recipe | None:
    """The recipe, or None with the reasons added to the document's mistakes."""
    tasks = list(RECIPE_CLASSES)
    task = document.value.get("task")
    if task not in tasks:
        missing = f"missing; expected one of {', '.join(tasks)}"
        reason = missing if task is None else not_one_of(task, tasks)
        document.mistakes.append(Mistake(document.origin(("task",)), ("task",), reason))
        return None
    try:
        return cast(Recipe, RECIPE_CLASSES[task].model_validate(document.value))
    except ValidationError as error:
        explainer = Explainer(task, RECIPE_CLASSES)
        for details in error.errors(include_url=False):
            document.mistakes += explainer.mistakes(details, document)
        return None


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise RecipeError(f"{path}: no such file{_file_hint(path.parent, path.name)}") from None
    except IsADirectoryError:
        raise RecipeError(f"{path}: a folder; expected a recipe file{_file_hint(path, 'recipe.yaml')}") from None
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read ({error.strerror}); expected a recipe file") from None
    if len(data) > MAX_BYTES:
        raise RecipeError(f"{path}: larger than {MAX_BYTES} bytes; expected a recipe, a short YAML file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RecipeError(f"{path}:{line}: not UTF-8 text; save the file as UTF-8") from None


def _file_hint(folder: Path, name: str) -> str:
    """The recipe in `folder` that may have been meant, or what there is."""
    names = sorted(entry.name for entry in folder.glob("*.y*ml")) if folder.is_dir() else []
    close = get_close_matches(name, names, n=1)
    if close:
        return f'. Did you mean "{folder / close[0]}"?'
    return f"; recipes there: {', '.join(names[:10])}" if names else ""
