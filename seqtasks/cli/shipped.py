"""The recipes that come with seqtasks: where they lie, and what a RECIPE argument stands for."""

from difflib import get_close_matches
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from seqtasks.errors import RecipeError

_PACKAGE = Path(__file__).parents[1]


def shipped_folder() -> Path:
    """The folder `recipes/`: inside the installed package, or beside it in a working copy."""
    installed = _PACKAGE / "shipped_recipes"
    return installed if installed.is_dir() else _PACKAGE.parent / "recipes"


def shipped_recipes() -> dict[str, Path]:
    """Name to file; a name is the path without its ending, such as `translate`."""
    folder = shipped_folder()
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.yaml"))}


def find_shipped(name: str) -> Path:
    """The file of a shipped recipe.

    Raises:
        RecipeError: there is none of this name.
    """
    recipes = shipped_recipes()
    if name not in recipes:
        close = get_close_matches(name, recipes, n=1)
        advice = f'did you mean "{close[0]}"?' if close else f"choose one of {', '.join(recipes)}"
        raise RecipeError(f"{name}: there is no such file and no shipped recipe of this name; {advice}")
    return recipes[name]


def summary(path: Path) -> str:
    """What a recipe says about itself: its first comment that is not for the editor."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = (line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return next((line for line in comments if not line.startswith("yaml-language-server")), "")


class RecipePath(click.ParamType):
    """A recipe file, or the name of a shipped one; a file of that name comes first."""

    name = "recipe"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The file, which the reader of recipes checks."""
        path = Path(value)
        if path.exists() or path.suffix:
            return path
        return find_shipped(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Shipped names, and files."""
        names = [CompletionItem(name) for name in shipped_recipes() if name.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]
