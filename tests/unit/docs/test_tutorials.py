"""What pages show runs: Python in order, commands as far as names and options; what they draw and quote is there."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import torch
from click.testing import CliRunner

from seqtasks.cli import main
from seqtasks.cli.arguments import LocalRunPath, RunPath
from seqtasks.explain.diagram import draw
from seqtasks.explain.stand_ins import build
from seqtasks.recipe import load_recipe

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *(path for path in sorted(DOCS.rglob("*.md")) if "results" not in path.parts)]
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
EXECUTED = {"start.md"}
"""Pages whose commands are run, too: their Python needs what they train."""

MEASURED = [DOCS / name for name in ("shapes.md", "attention.md", "memory.md", "results.md")]
"""Pages written from runs. A score that another page quotes stands in one of them."""


@cache
def _recipes() -> tuple[str, set[str]]:
    """The text of all recipes of the first level, and their drawings."""
    paths = sorted((ROOT / "recipes").glob("*.yaml"))
    recipes = [load_recipe(path) for path in paths]
    drawings = {draw(recipe, build(recipe)).rstrip() + "\n" for recipe in recipes}
    return "\n".join(path.read_text(encoding="utf-8") for path in paths), drawings


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _blocks(page: Path, *languages: str) -> list[str]:
    pattern = rf"^```(?:{'|'.join(languages)})\n(.*?)^```"
    return re.findall(pattern, page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def _commands(page: Path) -> Iterator[list[str]]:
    """The arguments of each `seqtasks ...` of a page, without comments, pipes and where the output goes."""
    for line in "".join(_blocks(page, "sh")).splitlines():
        words: list[str] = []
        for word in [*shlex.split(line, comments=True), "|"]:
            if word not in ("|", ">"):
                words.append(word)
                continue
            if words[:1] == ["seqtasks"]:
                yield words[1:]
            words = []


def _parse(arguments: list[str]) -> None:
    """Resolve a command as click does, and read its recipe with the overrides; runs nothing."""
    command: click.Command | None = main
    while isinstance(command, click.Group):
        name, *arguments = arguments
        command = command.get_command(click.Context(command), name)
        assert command is not None, name
    values = command.make_context(command.name, arguments).params
    if "recipe" in values:
        load_recipe(values["recipe"], values.get("overrides", ()))
    assert all(setting.startswith("dataset.") for setting in values.get("further", ()) if "=" in setting)


def _run_commands(page: Path) -> None:
    for arguments in _commands(page):
        if page.name in EXECUTED or arguments[:2] == ["recipes", "copy"]:
            result = CliRunner().invoke(main, arguments, input="4 5 6\n", catch_exceptions=False)
            assert result.exit_code == 0, result.output
        else:
            _parse(arguments)


def _run_python(page: Path, blocks: list[str], printed: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, _name(page), "exec"), names)
    lines = printed.readouterr().out.splitlines()
    # A comment behind a print says what it prints.
    for expected in re.findall(r"^print\(.*\)  +# (True|0\.0)\b", "".join(blocks), flags=re.MULTILINE):
        assert expected in lines


@pytest.mark.parametrize("page", [page for page in PAGES if _blocks(page, "python", "sh")], ids=_name)
def test_what_a_page_shows_runs(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if page.name not in EXECUTED:  # the runs that it names are not there
        monkeypatch.setattr(LocalRunPath, "convert", RunPath.convert)
    Path("recipes").symlink_to(ROOT / "recipes")
    _run_commands(page)
    if page.is_relative_to(DOCS):  # that of README is run by a test of its own
        _run_python(page, _blocks(page, "python"), capsys)


def test_commands_are_found_and_mistakes_in_them_are():
    assert ["predict", "runs/count_on", "-"] in _commands(DOCS / "start.md")
    for wrong in (["run", "translat"], ["run", "translate", "train.epoch=3"], ["run", "translate", "--seed", "1"]):
        with pytest.raises((ValueError, click.UsageError)):
            _parse(wrong)


@pytest.mark.parametrize("page", TUTORIALS, ids=_name)
def test_a_tutorial_draws_and_quotes_what_is_there(page):
    text = page.read_text(encoding="utf-8")
    sources, drawings = _recipes()
    assert set(_blocks(page, "text")) <= drawings
    for block in _blocks(page, "yaml"):
        assert block in sources, block
    measured = "".join(path.read_text(encoding="utf-8") for path in MEASURED)
    for score in re.findall(r"[\d.,]+%? \([\d.,]+–[\d.,]+\)", text):
        assert score in measured, score


def test_tutorials_draw_and_quote():
    text = "".join(page.read_text(encoding="utf-8") for page in TUTORIALS)
    assert text.count("```text") >= 6
    assert len(re.findall(r"\d–\d", text)) >= 6
