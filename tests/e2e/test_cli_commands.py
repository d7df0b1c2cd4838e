import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tiny_tasks import TASKS, seqtasks

import seqtasks.cli as command_line
from seqtasks.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "datasets", "rich", "pydantic", "numpy"}


def cpu_seconds_and_modules(arguments):
    script = (
        "import sys, time\nfrom seqtasks.cli import main\n"
        f"try: main({arguments!r}, prog_name='seqtasks')\n"
        "except SystemExit: pass\n"
        "print(time.process_time(), *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "Usage: seqtasks" in done.stdout
    seconds, *modules = done.stderr.split()
    return float(seconds), set(modules)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_comes_at_once(command):
    arguments = [command, "--help"] if command else ["--help"]
    seconds, modules = cpu_seconds_and_modules(arguments)
    assert not HEAVY & modules
    assert seconds < 0.3


def test_the_listing_names_every_command():
    shown = seqtasks("--help").output
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert "..." not in shown.split("Commands:")[1]  # no help text is cut
    assert set(COMMANDS) | {"__init__", "arguments", "shipped"} == {
        path.stem for path in Path(command_line.__file__).parent.glob("*.py")
    }


def test_ctrl_c_anywhere_is_130(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("seqtasks.recipe.json_schema", interrupted)
    result = CliRunner().invoke(main, ["schema"])
    assert result.exit_code == 130
    assert "Traceback" not in result.output


@pytest.mark.parametrize("task", TASKS)
def test_check(task, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = seqtasks("check", home / f"{task}.yaml")
    assert result.exit_code == 0, result.output
    ticks = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("✓")]
    assert ticks == ["recipe", "data", "vocabulary", "model", "training", "time", "validation", "report", "reload"]
    assert "rows: train 60, validation 12, test 12" in result.stdout
    assert "12 equal answers" in result.stdout
    assert not list(tmp_path.iterdir())


def test_explain_a_shipped_recipe():
    result = seqtasks("explain", "translate")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("many-to-many, other length: ")
    total = int(result.stdout.split("total: ")[1].split()[0].replace(",", ""))
    rows = [line for line in result.stdout.splitlines() if line.endswith("%")]
    assert sum(int(row.split()[-2].replace(",", "").replace("shared", "0")) for row in rows) == total


def test_explain_counts_what_the_run_has(home, runs):
    known = json.loads((runs["classification"] / "data.json").read_text())
    arguments = ["explain", home / "classification.yaml", f"tokenizer.vocab_size={known['vocabulary_size']}"]
    assert f"total: {known['parameters']} parameters" in seqtasks(*arguments).stdout


def test_explain_shows_both_directions_and_every_layer(home):
    arguments = ["explain", home / "classification.yaml", "backbone.num_layers=2", "backbone.cell=lstm"]
    one, both = seqtasks(*arguments).stdout, seqtasks(*arguments, "backbone.bidirectional=true").stdout
    assert one.count("─▶│  LSTM │") == 4
    assert "◀" not in one
    assert both.count("◀─│  LSTM │") == 4
    assert "c' = f · c + i · g" in one


def test_evaluate(runs, home, tmp_path):
    run = runs["classification"]
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    stored = json.loads((run / "scores.json").read_text())["test"]["scores"][0]
    result = seqtasks("evaluate", run)
    assert result.exit_code == 0, result.output
    assert f"{100 * stored['value']:.1f}%" in result.stdout
    assert "TF-IDF" in result.stdout
    assert "report" not in result.stdout
    output = tmp_path / "other"
    result = seqtasks("evaluate", run, "dataset.split.test=train[:30]", "--output", output)
    assert result.exit_code == 0, result.output
    assert f"report: {output / 'report.html'}" in result.stdout
    assert len((output / "predictions.jsonl").read_text().splitlines()) == 30
    assert json.loads((output / "data.json").read_text())["splits"]["test"]["rows"] == 30
    chosen_by = [json.loads((folder / "scores.json").read_text())["validation"] for folder in (run, output)]
    assert chosen_by[0] == chosen_by[1]
    assert json.loads((output / "frequencies.json").read_text())["film"] > 0
    assert (
        seqtasks("predict", output, stdin="good film\n").stdout == seqtasks("predict", run, stdin="good film\n").stdout
    )
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before


def test_evaluate_needs_only_the_test_rows(runs, home, tmp_path):
    name = "test-00000-of-00001.parquet"
    (tmp_path / name).write_bytes((home / "data" / "translation" / name).read_bytes())
    result = seqtasks("evaluate", runs["translation"], f"dataset.path={tmp_path}")
    assert result.exit_code == 0, result.output
    assert "copy the source" in result.stdout


def test_evaluate_says_why_there_are_no_baselines(runs, home, tmp_path, monkeypatch):
    moved = home / "data" / "moved"
    (home / "data" / "tagging").rename(moved)
    try:
        result = seqtasks("evaluate", runs["tagging"], f"dataset.path={moved}")
    finally:
        moved.rename(home / "data" / "tagging")
    assert result.exit_code == 0, result.output
    assert "note: no baselines, as the training rows cannot be loaded" in result.stderr
    assert "most frequent tag" not in result.stdout


def test_evaluate_keeps_the_model(runs):
    result = seqtasks("evaluate", runs["tagging"], "backbone.hidden_size=16")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: backbone.hidden_size=16: not about the data")


def test_report(runs):
    path = runs["captioning"] / "report.html"
    path.unlink()
    assert seqtasks("report", runs["captioning"]).stdout == f"{path}\n"
    assert path.exists()


def test_data_list_and_show(home):
    shown = seqtasks("data", "list").stdout
    assert all(
        f"catalog/{name} " in shown for name in ("icons", "homeassistant", "movie_snippets", "turkish_treebanks")
    )
    shown = seqtasks("data", "show", "homeassistant").stdout
    assert "licence   Apache-2.0" in shown
    assert "name=bg" in shown
    shown = seqtasks("data", "show", home / "tagging.yaml").stdout
    assert "rows      train 60, validation 12, test 12" in shown
    assert "train row 2" in shown
    assert "picture, 8 x 8 pixels" in seqtasks("data", "show", home / "captioning.yaml").stdout
    assert seqtasks("data", "show", "homeassistant", "nam=fr").exit_code == 2


def test_recipes_list_and_copy(tmp_path):
    listed = [line.split()[0] for line in seqtasks("recipes", "list").stdout.splitlines()]
    assert listed == sorted(
        path.relative_to(ROOT / "recipes").with_suffix("").as_posix() for path in ROOT.glob("recipes/**/*.yaml")
    )
    assert {"sentiment", "pos", "caption", "translate"} <= set(listed)
    path = tmp_path / "new" / "mine.yaml"
    assert seqtasks("recipes", "copy", "translate", path).stdout == f"{path}\n"
    original = (ROOT / "recipes/translate.yaml").read_text()
    assert path.read_text() == original.split("\n", 1)[1]  # the schema is not there
    assert "yaml-language-server" in original.splitlines()[0]
    assert seqtasks("explain", path).exit_code == 0
    result = seqtasks("recipes", "copy", "pos", path)
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert path.read_text() == original.split("\n", 1)[1]
    seqtasks("recipes", "copy", "pos", tmp_path)
    assert (tmp_path / "pos.yaml").exists()


def test_the_schema_in_the_docs_is_current():
    shown = seqtasks("schema").stdout
    stored = (ROOT / "docs/recipe.schema.json").read_text(encoding="utf-8")
    assert shown == stored, "write it again: seqtasks schema > docs/recipe.schema.json"


@pytest.mark.parametrize(
    ("words", "index", "expected"),
    [
        ("seqtasks explain tra", 2, "plain,translate"),
        ("seqtasks ev", 1, "plain,evaluate"),
        ("seqtasks report runs/m", 2, "plain,runs/mine"),
    ],
)
def test_shell_completion(words, index, expected, tmp_path):
    (tmp_path / "runs/mine").mkdir(parents=True)
    (tmp_path / "runs/mine/environment.json").touch()
    environment = {"_SEQTASKS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(index)}
    command = [sys.executable, "-m", "seqtasks"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert expected in done.stdout.splitlines()


def test_several_runs_are_scored_as_one_model(runs, tmp_path):
    copy = shutil.copytree(runs["classification"], tmp_path / "copy")
    alone, both = (seqtasks("evaluate", runs["classification"], *more) for more in ([], [copy]))
    assert both.exit_code == 0, both.output
    assert both.stdout == alone.stdout
    refused = seqtasks("evaluate", runs["classification"], copy, "--output", tmp_path / "joined")
    assert refused.exit_code == 2
    assert "a run directory holds one model, and 2 runs were given" in refused.stderr
    assert not (tmp_path / "joined").exists()
