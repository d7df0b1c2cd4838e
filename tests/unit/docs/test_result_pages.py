"""The pages of scores: written from what is kept of runs, and from nothing that no longer fits it."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]


def script(name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"benchmarks_{name}", ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look their module up
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # scripts import each other from their own folder
        specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results() -> ModuleType:
    return script("results")


@pytest.fixture(scope="module")
def published(results: ModuleType) -> dict[str, Any]:
    return yaml.safe_load(results.PUBLISHED.read_text(encoding="utf-8"))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    for name in ("imdb_lm", "trec_pretrained"):
        shutil.copytree(ROOT / "docs" / "results" / name, tmp_path / name)
    return tmp_path


def test_pages_are_what_the_scripts_write(results: ModuleType, published: dict[str, Any]) -> None:
    page = results.render(results.collect(ROOT / "docs" / "results", published), published)
    assert (ROOT / "docs" / "results.md").read_text(encoding="utf-8") == page
    ablation = script("ablation")
    plan = yaml.safe_load((ROOT / "benchmarks" / "ablation.yaml").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "ablation.md").read_text(encoding="utf-8") == "\n".join(ablation.render(plan))


def test_commands_are_those_that_change_something(results: ModuleType, published: dict[str, Any], kept: Path) -> None:
    path = kept / "trec_pretrained" / "seed1" / "environment.json"
    given = "train.mixed_precision=bf16 train.seed=1 --output runs/trec_pretrained-seed1"
    assert given in path.read_text()
    path.write_text(path.read_text().replace(given, "train.epochs=1 " + given.replace("pretrained-seed1", "try")))
    with pytest.raises(SystemExit, match="another recipe"):
        results.render(results.collect(kept, published), published)
    path.write_text(path.read_text().replace("train.epochs=1", "task=classification"))
    page = results.render(results.collect(kept, published), published)
    assert f"seqtasks run hub/trec_pretrained {given}\n" in page
    assert page.count("seqtasks run hub/imdb_lm train.mixed_precision=bf16 --output runs/imdb_lm\n") == 2


def test_a_run_whose_start_is_not_kept_is_refused(results: ModuleType, published: dict[str, Any], kept: Path) -> None:
    shutil.rmtree(kept / "imdb_lm")
    with pytest.raises(SystemExit, match="starts from runs/imdb_lm, which is not kept"):
        results.render(results.collect(kept, published), published)


def test_a_score_of_other_seeds_is_refused(results: ModuleType, published: dict[str, Any], kept: Path) -> None:
    shutil.rmtree(kept / "trec_pretrained" / "seed2")
    with pytest.raises(SystemExit, match="is of other runs"):
        results.render(results.collect(kept, published), published)


def test_seeds_of_other_recipes_are_refused(results: ModuleType, published: dict[str, Any], kept: Path) -> None:
    path = kept / "trec_pretrained" / "seed1" / "recipe.yaml"
    path.write_text(path.read_text().replace("tokens_per_batch: ", "tokens_per_batch: 1"))
    with pytest.raises(SystemExit, match=r"trec_pretrained: its recipes differ in more than train.seed"):
        results.collect(kept, published)


def test_an_unfinished_run_is_not_kept(results: ModuleType, published: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"ptb: is no finished run"):
        results.keep(tmp_path / "ptb", published)


def test_rows_are_found_however_they_are_written() -> None:
    leaks = script("leaks")
    train = [leaks.words(text) for text in ("It 's a GOOD film -lrb- really -rrb-<br />Do n't miss it!", "A tourné.")]
    test = [leaks.words(text) for text in ("a tourne", "it's a good film", "goo", "don’t miss it", "")]
    assert train[0] == "its a good film really dont miss it"
    assert leaks.count("one", "other", train, test) == leaks.Leak("one", "other", rows=5, equal=1, within=2, longest=4)


def test_an_ablation_of_another_recipe_is_no_line_of_this_one() -> None:
    ablation = script("ablation")
    line = ablation.read("ner", "no CRF", ["train.epochs=6", "head.crf=false"])
    assert line.score.name == "span_f1"
    assert ablation.read("ner", "no CRF", ["train.epochs=7", "head.crf=false"]) is None
