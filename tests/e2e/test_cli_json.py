"""What other programs read: `--json` of every command that prints a result; runs over several seeds, lists of runs."""

import json
import shutil
import statistics

import pytest
from tiny_tasks import seqtasks

from seqtasks.report.listing import sparkline
from seqtasks.training.checkpoint import load_weights


def answered(*arguments):
    result = seqtasks(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (("evaluate", "RUN"), {"primary", "test"}),
        (("report", "RUN"), {"html", "markdown"}),
        (("explain", "RECIPE"), {"name", "kind", "shapes", "parameters", "does", "is_shared"}),
        (("check", "RECIPE"), {"data", "training"}),
        (("recipes", "list"), {"translate", "sentiment"}),
        (("data", "list"), {"name", "description", "columns", "licence"}),
        (("data", "show", "RECIPE"), {"licence", "splits", "columns", "first"}),
    ],
)
def test_every_result_is_there_as_json(command, keys, home, runs):
    places = {"RUN": runs["classification"], "RECIPE": home / "classification.yaml"}
    value = answered(*(places.get(part, part) for part in command))
    assert keys <= set(value[0] if isinstance(value, list) else value)


@pytest.fixture(scope="module")
def seeds(home):
    """Two seeds, and what was printed of them."""
    output = home / "seeds" / "classification"
    return output, answered("run", home / "classification.yaml", "--output", output, "--seeds", "2")


def test_runs_of_several_seeds(seeds, home, tmp_path):
    output, found = seeds
    names = [output.with_name(f"classification-seed{seed}") for seed in (0, 1)]
    assert sorted(path for path in output.parent.iterdir()) == names
    accuracy = next(score for score in found if score["name"] == "accuracy")
    scores = [json.loads((name / "scores.json").read_text()) for name in names]
    values = [next(each["value"] for each in run["test"]["scores"] if each["name"] == "accuracy") for run in scores]
    assert accuracy["values"] == values
    assert accuracy["mean"] == pytest.approx(sum(values) / 2)
    assert accuracy["sd"] == pytest.approx(statistics.stdev(values))
    # A run after another in one process is the run that it is alone, and its report names the command that repeats it.
    command = json.loads((names[1] / "environment.json").read_text())["command"]
    assert command.endswith(f"classification.yaml train.seed=1 --output {names[1]}")
    alone = answered("run", home / "classification.yaml", "train.seed=1", "--output", tmp_path / "alone")
    assert alone["run"] == str(tmp_path / "alone")
    weights = load_weights(tmp_path / "alone" / "model.safetensors")
    assert all(tensor.equal(weights[name]) for name, tensor in load_weights(names[1] / "model.safetensors").items())


def test_the_table_of_seeds(seeds, home):
    output, _ = seeds
    again = seqtasks("run", home / "classification.yaml", "--output", output, "--seeds", "2", "--resume")
    assert "test scores over seeds" in again.stdout
    assert "± sd" in again.stdout


def test_a_list_of_runs(seeds):
    folder = seeds[0].parent
    shutil.copytree(folder / "classification-seed0", folder / "more" / "stopped")
    for name in ("scores.json", "SHA256SUMS"):
        (folder / "more" / "stopped" / name).unlink()
    shutil.copytree(folder / "classification-seed0", folder / "more" / "damaged")
    (folder / "more" / "damaged" / "recipe.yaml").write_text("task: [")
    found = {run["path"].removeprefix(f"{folder}/"): run for run in answered("runs", folder)}
    assert {path: run["state"] for path, run in found.items()} == {
        "classification-seed0": "finished",
        "classification-seed1": "finished",
        "more/stopped": "stopped",
        "more/damaged": "damaged",
    }
    whole = found["classification-seed1"]
    assert (whole["task"], whole["seed"], whole["score"]["name"]) == ("classification", 1, "accuracy")
    assert len(whole["curve"]) == 2
    assert found["more/stopped"]["note"] == "at step 12"
    lines = seqtasks("runs", folder).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["run", *found]
    shutil.rmtree(folder / "more")
    assert "no such folder" in seqtasks("runs", folder / "more").stderr


def test_a_curve_of_text():
    assert sparkline([]) == ""
    assert sparkline([2.0]) == "▁"
    assert sparkline([0.0, 1.0, 0.5]) == "▁█▅"
    assert sparkline(list(range(800))) == "▁▂▃▄▅▆▇█"
