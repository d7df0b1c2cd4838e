"""Arguments that several commands share."""

import json
import shlex
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from seqtasks.cli.shipped import RecipePath, shipped_recipes
from seqtasks.errors import RunError


class RunPath(click.ParamType):
    """A run directory, or its name on the Hub; what reads runs finds both."""

    name = "run"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The directory or the name, which the reader of runs checks."""
        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The runs below `runs/`, and directories."""
        runs = sorted(path.parent.as_posix() for path in Path("runs").glob("*/environment.json"))
        found = [CompletionItem(run) for run in runs if run.startswith(incomplete)]
        return [*found, CompletionItem(incomplete, type="dir")]


class LocalRunPath(RunPath):
    """A run directory of this machine, for what writes into it or uploads it."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The directory, which is there."""
        path = super().convert(value, param, ctx)
        if not path.is_dir():
            raise RunError(
                f"{path}: there is no such run directory; expected what `seqtasks run` wrote, on this machine; "
                "check the path"
            )
        return path


recipe_argument = click.argument("recipe", type=RecipePath())
run_argument = click.argument("run", type=RunPath())
local_run_argument = click.argument("run", type=LocalRunPath())
overrides_argument = click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...")

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def print_json(value: Any) -> None:
    """Print plain values for other programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def command_line(*parts: str | Path) -> str:
    """A command that can be pasted into a shell; a shipped recipe is named as a user would."""
    names = {path: name for name, path in shipped_recipes().items()}
    return shlex.join(["seqtasks", *(names.get(part, str(part)) if isinstance(part, Path) else part for part in parts)])
