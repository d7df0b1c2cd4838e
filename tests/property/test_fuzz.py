"""Whatever is thrown at recipes, run directories and models is answered, or refused in words; never a traceback.

`make test` tries some hundred cases of each kind, the slow tests ten thousand in all; the number is printed.
"""

import io
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cases import CASES, make_task, write_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from test_overrides import recipes

from seqtasks.errors import DataError, RecipeError, SeqtasksError
from seqtasks.explain import explain
from seqtasks.predictor import Predictor, load
from seqtasks.recipe import Recipe, load_recipe, parse_recipe
from seqtasks.recipe.mistakes import KeyPath
from seqtasks.report import write_report
from seqtasks.run import run as run_recipe
from seqtasks.training.reporter import Reporter
from seqtasks.verify.finding import distance

SHIPPED = sorted(Path(__file__).parents[2].glob("recipes/**/*.yaml"))
SLOW = pytest.param("slow", marks=pytest.mark.slow)
HOW_MANY = pytest.mark.parametrize("suite", ["quick", SLOW])


def cases(suite: str, quick: int, slow: int) -> Callable[[Any], Any]:
    count = slow if suite == "slow" else quick
    return settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )


# Recipes --------------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


def places(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    """The path of every field."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [place for name, inner in value.items() for place in places(inner, (*path, name))]
    return found


def parsed(text: str, overrides: tuple[str, ...] = ()) -> Recipe | str:
    """A recipe, or what is said of the text; anything else fails the test."""
    try:
        return parse_recipe(text, source="fuzz.yaml", overrides=overrides)
    except RecipeError as error:
        lines = str(error).splitlines()
        assert lines
        assert all(line.startswith(("fuzz.yaml", "override")) for line in lines), lines
        return str(error)


@HOW_MANY
def test_recipes_with_other_values_and_names(suite, report):
    tried = []

    @cases(suite, 150, 2500)
    @given(st.sampled_from(SHIPPED), st.integers(0, 10**6), VALUES, st.booleans())
    def run(path: Path, index: int, value: Any, rename: bool) -> None:
        tried.append(1)
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
        place = (paths := places(recipe))[index % len(paths)]
        block = recipe
        for name in place[:-1]:
            block = block[name]
        old = block.pop(place[-1])
        block[f"{place[-1]}x" if rename else place[-1]] = old if rename else value
        said = parsed(yaml.dump(recipe, allow_unicode=True))
        if rename:
            assert isinstance(said, str)
            assert place[0] in said

    run()
    report(f"{len(tried):,} recipes with other values and names ({suite})")


@HOW_MANY
def test_recipes_with_other_characters(suite, report):
    tried = []
    snippets = st.sampled_from(
        ["\t", "  ", "\n", "- ", ": ", "&a ", "*a", "!!python/object:os.system ", "{", "]", "'", "\0"]
    )

    @cases(suite, 150, 2500)
    @given(st.sampled_from(SHIPPED), st.integers(0, 10**6), st.integers(0, 40), snippets | st.text(max_size=6))
    def run(path: Path, start: int, length: int, new: str) -> None:
        tried.append(1)
        text = path.read_text(encoding="utf-8")
        start %= len(text)
        parsed(text[:start] + new + text[start + length :])

    run()
    report(f"{len(tried):,} recipes with other characters ({suite})")


@HOW_MANY
def test_overrides(suite, report):
    tried = []
    text = SHIPPED[0].read_text(encoding="utf-8")
    keys = st.sampled_from([".".join(map(str, place)) for place in places(yaml.safe_load(text))]) | st.text(max_size=12)

    @cases(suite, 100, 1500)
    @given(st.lists(st.tuples(keys, VALUES.map(json.dumps) | st.text(max_size=9)), min_size=1, max_size=3))
    def run(pairs: list[tuple[str, str]]) -> None:
        tried.append(1)
        parsed(text, tuple(f"{key}={value}" for key, value in pairs))

    run()
    report(f"{len(tried):,} lists of overrides ({suite})")


@HOW_MANY
def test_what_is_valid_is_explained(suite, report):
    tried = []

    @cases(suite, 10, 300)
    @given(recipes())
    def run(recipe: Recipe) -> None:
        tried.append(1)
        assert "total: " in explain(recipe)

    run()
    report(f"{len(tried):,} recipes explained ({suite})")


# Texts ----------------------------------------------------------------------------------------------------------

NASTY = [
    "",
    "a",
    " ",
    "\t\r\n",
    "\x00",
    "\u202e abc \u2066",
    "😀👨\u200d👩\u200d👧",
    "\ud800",
    "a\ud83d\ude00 b\udfff",
    "a\nb\r\nc\u2028d\x85e",
    "\ufeffa",
    "<s> </s> <unk> <pad>",
    "{}",
    "{name}",
    "[1, 2",
    "e\u0301" * 50,
    "word " * 400,
    "x" * 3000,
]
TEXTS = st.sampled_from(NASTY) | st.text(st.characters(), max_size=30)
ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["name", "food", "key", "x"]), st.text("ab <>=\U0001f600\ud800", max_size=9))
)
NUMBERS = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
FRAMES = st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=12)
INPUTS = {
    "classification": TEXTS,
    "translation": TEXTS,
    "chat": TEXTS,
    "language_modeling": TEXTS,
    "pronunciation": TEXTS,
    "tagging": st.lists(TEXTS, max_size=6),
    "description": ATTRIBUTES.map(lambda pairs: [f"{name}={value}" for name, value in pairs]),
    "music": ATTRIBUTES.map(lambda pairs: [f"{name}={value}" for name, value in pairs]),
    "frame_classification": FRAMES,
    "frame_tagging": FRAMES,
    "regression": FRAMES,
    "forecasting": st.lists(NUMBERS, min_size=1, max_size=40),
}


@pytest.fixture(scope="module")
def predictors() -> dict[str, Predictor]:
    made = {name: make_task(name, "gru") for name in INPUTS}
    return {name: Predictor(task, task.build()) for name, task in made.items()}


def test_every_task_is_thrown_at():
    assert {*INPUTS} | {"captioning", "image_classification"} == {*CASES}


@HOW_MANY
@pytest.mark.parametrize("name", INPUTS)
def test_as_many_answers_as_inputs_in_their_order(name, suite, predictors, report):
    predictor, tried = predictors[name], []

    @cases(suite, 12, 250)
    @given(st.lists(INPUTS[name], max_size=5), st.integers(0, 4))
    def run(inputs: list[Any], index: int) -> None:
        tried.append(len(inputs))
        try:
            answers = predictor.predict(inputs)
        except DataError as error:  # such as "an attribute has no value"
            assert name in ("description", "music")
            str(error).encode()
            return
        assert len(answers) == len(inputs)
        json.dumps(answers, ensure_ascii=False).encode()
        if index < len(inputs) and name != "music":  # which is drawn at random
            assert distance(predictor.predict([inputs[index]])[0], answers[index]) < 1e-3

    run()
    report(f"{sum(tried):,} inputs of {name} in {len(tried):,} calls ({suite})")


@pytest.mark.parametrize("name", ["classification", "translation", "tagging", "language_modeling"])
def test_a_line_of_a_megabyte(name, predictors):
    text = "ab " * 350_000 if name != "tagging" else ["ab"] * 20_000
    if name == "translation":
        text = text[:30_000]
    if name == "language_modeling":
        text = text[:150_000]
    answers = predictors[name].predict([text, text[:6]])
    assert len(answers) == 2


# Run directories ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    quiet = Reporter(Console(file=io.StringIO()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasets.config.HF_DATASETS_CACHE", folder / "cache")
        run_recipe(load_recipe(write_case(folder, "tagging")), folder / "run", command="", reporter=quiet)
    (folder / "run/SHA256SUMS").unlink()  # a stranger's would be right
    return folder / "run"


@HOW_MANY
def test_run_directories_of_strangers(suite, trained, tmp_path_factory, monkeypatch, report):
    """A field of a JSON or YAML file, or a line of it, is something else than it should be."""
    monkeypatch.setattr("seqtasks.report.page.vega_bundle", str)  # takes seconds, and is always the same
    names = sorted(path.name for path in trained.iterdir() if path.suffix in (".json", ".jsonl", ".yaml"))
    folder = shutil.copytree(trained, tmp_path_factory.mktemp("fuzz") / "run")
    outcomes: Counter[str] = Counter()

    @cases(suite, 60, 1000)
    @given(st.sampled_from(names), st.integers(0, 10**6), VALUES, st.booleans())
    def run(name: str, index: int, value: Any, in_words: bool) -> None:
        whole = (trained / name).read_text(encoding="utf-8")
        if in_words:
            start = index % len(whole)
            changed = whole[:start] + str(value) + whole[start + 5 :]
        else:
            changed = _with_another_value(whole, name, index, value)
        (folder / name).write_text(changed, encoding="utf-8", errors="replace")
        try:
            refused = refusal(folder)
        finally:
            (folder / name).write_text(whole, encoding="utf-8")
        assert refused is None or str(folder) in refused
        outcomes["refused" if refused else "read"] += 1

    run()
    report(f"{outcomes.total():,} run directories, {outcomes['refused']:,} of them refused ({suite})")


def refusal(folder: Path) -> str | None:
    """What is said of a run directory that is not read; None: it is."""
    try:
        load(folder)
        write_report(folder)
    except SeqtasksError as error:
        return str(error)
    return None


def _with_another_value(text: str, name: str, index: int, value: Any) -> str:
    if name.endswith(".yaml"):
        content = yaml.safe_load(text)
    elif name.endswith(".json"):
        content = json.loads(text)
    else:
        lines = text.splitlines(keepends=True)
        row = index % len(lines)
        record = json.loads(lines[row])
        record[sorted(record)[index % len(record)]] = value
        lines[row] = json.dumps(record) + "\n"
        return "".join(lines)
    if not isinstance(content, dict):
        return json.dumps(value)
    place = (paths := places(content))[index % len(paths)]
    block = content
    for key in place[:-1]:
        block = block[key]
    block[place[-1]] = value
    return yaml.dump(content) if name.endswith(".yaml") else json.dumps(content)
