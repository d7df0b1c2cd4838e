"""What is tested, what is said of it, and what each kind of answer shows."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from compared_runs import CHANGED, rewrite_scores, write_pair
from report_runs import PREDICTIONS
from rich.console import Console

from seqtasks.compare import Comparison, compare_runs, print_comparison
from seqtasks.compare.changes import agreement, changes
from seqtasks.compare.gains import earnings, gains_by_label, gains_by_length, gains_by_novelty, row_length
from seqtasks.compare.page import render_page
from seqtasks.compare.tables import render_json, render_latex, render_markdown
from seqtasks.compare.wording import verdicts


def printed(comparison: Comparison) -> str:
    console = Console(width=160, file=io.StringIO())
    print_comparison(comparison, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("task", PREDICTIONS)
def test_every_task(tmp_path: Path, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqtasks.report.page.vega_bundle", str)
    comparison = compare_runs(write_pair(tmp_path, task))
    tested = [test.difference for line in comparison.lines for test in line.tests]
    assert all(tested)
    primary = comparison.main.tests[0].difference
    assert primary is not None
    assert primary.value != 0
    assert "run_B" in printed(comparison)
    page = render_page(comparison, command="seqtasks compare A B")
    assert "Where run_B gains and loses" in page
    first, second = (each.run.predictions for each in comparison.contestants)
    gained, lost = changes(first, second, (earnings(first), earnings(second)))
    assert [change.first.index for change in (*gained, *lost)] == [0]


def test_a_difference_is_real_only_where_it_is_sure(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    few.mkdir()
    many.mkdir()
    better = {"prediction": "bad"}
    (unsure,) = verdicts_of(write_pair(few, "classification", other=better))
    assert unsure == (
        "unsure",
        "No difference that can be relied on between run_B and run_A: "
        "−33.3 points of accuracy (−100.0 to 0.0), p = 1.00.",
    )
    (poor,) = verdicts_of(write_pair(many, "classification", times=30, other=better))
    assert poor[0] == "poor"
    assert poor[1].startswith("run_B is worse than run_A: −33.3 points of accuracy (−4")
    assert poor[1].endswith("), p < 0.001.")
    (good,) = verdicts_of([many / "B" / "run_B", many / "A" / "run_A"])
    assert good[0] == "good"
    assert good[1].startswith("run_A is better than run_B: +33.3 points")


def verdicts_of(paths: list[Path]) -> list[tuple[str, str]]:
    comparison = compare_runs(paths)
    return [(each.level, each.sentence) for each in verdicts(comparison, comparison.main)]


def test_equal_answers(tmp_path: Path) -> None:
    (found,) = verdicts_of(write_pair(tmp_path, "translation", other={}))
    assert found == ("unsure", "run_B and run_A answer alike: no row adds anything else to this score.")


def test_what_the_rows_do_not_give_is_not_tested(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "classification")
    rewrite_scores(second, value=0.5)
    comparison = compare_runs([first, second])
    reasons = {test.reason for line in comparison.lines for test in line.tests}
    assert {test.difference for line in comparison.lines for test in line.tests} == {None}
    assert "the rows of predictions.jsonl give 0, scores.json says 0.5" in reasons
    assert "not tested" in printed(comparison)
    assert "not tested" in render_markdown(comparison)


def test_losses_over_other_tokens_do_not_compare(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "language_modeling", other={"prediction": 30.0, "tokens": 9})
    tests = {line.name: line.tests[0] for line in compare_runs([first, second]).lines}
    for name in ("loss", "token_perplexity"):
        assert tests[name].difference is None
        assert tests[name].reason == "the runs count different words or tokens"
    assert tests["perplexity"].difference is not None
    assert tests["bits_per_character"].difference is not None


def test_several_runs_are_corrected_and_seeds_are_one_recipe(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "classification", times=4)
    third = tmp_path / "run_C"
    subprocess.run(["cp", "-r", str(first), str(third)], check=True)
    for place, run_dir in enumerate((second, third)):
        recipe = run_dir / "recipe.yaml"
        recipe.write_text(
            recipe.read_text() + (f"train: {{seed: {place + 1}}}\n" if not place else "train: {learning_rate: 0.5}\n")
        )
    comparison = compare_runs([first, second, third])
    accuracy = comparison.lines[0]
    found = [test.difference for test in accuracy.tests]
    assert found[0] is not None
    assert found[0].p_holm == pytest.approx(min(1, 2 * found[0].p_randomisation))
    assert [(group.names, group.seeds) for group in comparison.groups] == [
        (["run_A", "run_B"], [0, 1]),
        (["run_C"], [0]),
    ]
    mean, deviation = comparison.groups[0].scores["accuracy"]
    assert mean == pytest.approx((1 / 3 + 0) / 2)
    assert deviation == pytest.approx((1 / 3) / 2**0.5)
    assert comparison.groups[1].scores["accuracy"][1] is None
    fields = {each.field: each.values for each in comparison.recipes}
    assert fields["train.seed"] == ["0", "1", "0"]
    assert "after Holm’s correction" in printed(comparison)


def test_gains_by_hand(tmp_path: Path) -> None:
    paths = write_pair(tmp_path, "tagging")
    first, second = (each.run.predictions for each in compare_runs(paths).contestants)
    same = agreement(first, second)
    assert same is not None
    assert (same.both, same.baseline, same.system, same.neither) == (3, 0, 1, 0)
    buckets = gains_by_length(earnings(first), earnings(second), [row_length(row)[0] for row in first])
    assert [(bucket.name, round(bucket.score, 2)) for bucket in buckets] == [("1", 0.0), ("3", 33.33)]
    labels = {each.label: each for each in gains_by_label(first, second)}
    assert (labels["VERB"].baseline, labels["VERB"].system) == (pytest.approx(2 / 3), 1)
    known, new = gains_by_novelty(first, second)  # type: ignore[arg-type]
    assert [known[0].right, known[1].right, new[0].right, new[1].right] == [3, 3, 0, 1]


def test_strings_of_data_stay_strings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqtasks.report.page.vega_bundle", str)
    first, second = write_pair(tmp_path, "classification", other={"prediction": "<b>bad</b>"})
    rewrite_scores(first, "<b>bad</b>")
    first = first.rename(first.with_name("[red]a|b_*\\#%${}^~&<i>"))
    comparison = compare_runs([first, second])
    heads = [line for line in printed(comparison).splitlines() if line.startswith(("┃ score    ┃", "┃ field"))]
    assert ["[red]a|b_*" in line for line in heads] == [True, False, True]  # the second table has no column a run
    page = render_page(comparison, command="x")
    assert "<b>bad" not in page
    assert "&lt;b&gt;bad" in page
    assert "<i>&" not in page
    assert r"| \[red\]a\|b\_\*\\\#%${}^~&\<i\> (baseline) |" in render_markdown(comparison)
    latex = render_latex(comparison)
    escaped = (
        r"{[}red]a\textbar{}b\_{*}\textbackslash{}\#\%\$\{\}\textasciicircum{}"
        r"\textasciitilde{}\&\textless{}i\textgreater{}"
    )
    assert f"{escaped} (baseline) &" in latex


def test_json_holds_the_result(tmp_path: Path) -> None:
    content = json.loads(render_json(compare_runs(write_pair(tmp_path, "classification", times=30))))
    (accuracy, *_) = content["scores"]
    (difference,) = accuracy["differences"]
    assert [run["name"] for run in content["runs"]] == ["run_A", "run_B"]
    assert difference["value"] == pytest.approx(-1 / 3)
    assert difference["is_real"]
    assert difference["run"] == "run_B"


def test_no_torch_is_imported(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path, "translation")
    script = "import sys; from seqtasks.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    command = [
        sys.executable,
        "-c",
        script,
        "compare",
        str(first),
        str(second),
        "--output",
        str(tmp_path / "page.html"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "seqtasks.compare.page" in loaded
    assert not {"torch", "datasets"} & set(loaded)


def test_every_task_has_another_answer() -> None:
    assert CHANGED.keys() == PREDICTIONS.keys()
