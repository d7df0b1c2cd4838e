"""Writes docs/results.md: what the recipes in `recipes/hub/` reach, beside published figures.

    python benchmarks/results.py runs/ptb                                    # keep the small files of finished runs
    python benchmarks/results.py --together runs/trec runs/trec-seed1        # all seeds: score them as one model too
    python benchmarks/results.py                                             # write the page again

A run directory is called after its entry in `seqtasks/report/published.yaml`, which names figures and protocols, and
further seeds with `-seedN` behind that. Of each run the recipe, scores, log, data statistics and environment are kept
below `docs/results/`; never weights, data or texts. No score of ours is typed by hand. A run whose command would give
another recipe today is refused: it has to be run again.
"""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import yaml
from leaks import KEPT as LEAKS
from leaks import Leak
from pydantic import TypeAdapter

from seqtasks.cli.shipped import find_shipped
from seqtasks.errors import RecipeError
from seqtasks.evaluate import evaluate
from seqtasks.files import read_json, write_json
from seqtasks.metrics.score import Score
from seqtasks.recipe import Recipe, dump_recipe, load_recipe
from seqtasks.report.headline import best_baseline, format_interval, format_number, score_heading, score_title
from seqtasks.report.records import Data, EndEvent, Environment, Scores

DOCS = Path(__file__).parents[1] / "docs"
PUBLISHED = DOCS.parent / "seqtasks" / "report" / "published.yaml"
KEPT = ("recipe.yaml", "scores.json", "log.jsonl", "data.json", "environment.json")


@dataclass(frozen=True)
class Result:
    """What is kept of a run."""

    folder: Path
    recipe: Recipe
    scores: Scores
    data: Data
    environment: Environment
    seconds: float

    @classmethod
    def read(cls, folder: Path) -> "Result":
        """Read the files of one run."""
        end = TypeAdapter(EndEvent).validate_json((folder / "log.jsonl").read_text().splitlines()[-1])
        return cls(
            folder=folder,
            recipe=load_recipe(folder / "recipe.yaml"),
            scores=TypeAdapter(Scores).validate_json((folder / "scores.json").read_text()),
            data=TypeAdapter(Data).validate_json((folder / "data.json").read_text()),
            environment=TypeAdapter(Environment).validate_json((folder / "environment.json").read_text()),
            seconds=end.seconds,
        )

    @property
    def empty_outputs(self) -> int:
        """How many test rows were answered with nothing."""
        return read_json(self.folder / "outputs.json")["empty"]

    @property
    def seed(self) -> int:
        """Of the training."""
        return self.recipe.train.seed

    @property
    def run(self) -> str:
        """The run directory, as `keep` expects it and as other recipes name it."""
        return f"runs/{self.folder.parent.name}" + (f"-seed{self.seed}" if self.seed else "")

    @property
    def command(self) -> str:
        """How to repeat the run: as it was given, less overrides that change nothing."""
        shipped, *words = shlex.split(self.environment.command.partition(" --output")[0])[2:]
        shipped = shipped.removeprefix("recipes/").removesuffix(".yaml")
        overrides = [word for word in words if "=" in word]
        if not self.is_made_by(shipped, overrides):
            sys.exit(
                f"{self.folder}: {self.environment.command!r} gives another recipe today than it had; "
                "expected the same; run it again"
            )
        for override in list(overrides):
            others = [other for other in overrides if other != override]
            if self.is_made_by(shipped, others):
                overrides = others
        return shlex.join(["seqtasks", "run", shipped, *overrides, "--output", self.run])

    def is_made_by(self, shipped: str, overrides: Sequence[str]) -> bool:
        """Whether a shipped recipe with overrides is the recipe of this run."""
        try:
            return load_recipe(find_shipped(shipped), overrides) == self.recipe
        except RecipeError:
            return False

    def score(self, name: str) -> Score:
        """A test score by name."""
        return next(score for score in self.scores.test.scores if score.name == name)

    def validation(self, name: str) -> str:
        """The same score on the validation rows; a dash where they were not scored."""
        scores = self.scores.validation.scores if self.scores.validation else []
        return next((format_number(score.value, score.unit) for score in scores if score.name == name), "–")


def main(arguments: Sequence[str]) -> None:
    """Keep what is small, and write the page."""
    published = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    folders = [Path(argument) for argument in arguments if argument != "--together"]
    kept = [keep(folder, published) for folder in folders]
    if "--together" in arguments:
        keep_together(folders, kept)
    results = collect(DOCS / "results", published)
    page = DOCS / "results.md"
    page.write_text(render(results, published), encoding="utf-8")
    print(f"wrote {page} from {sum(map(len, results.values()))} runs of {len(results)} recipes")


def keep(folder: Path, published: dict[str, Any]) -> Path:
    """Copy the small files of a run below `docs/results/`, and say where to."""
    if not (folder / "scores.json").exists():
        sys.exit(
            f"{folder}: is no finished run; expected one with scores.json; end it with `seqtasks run ... --resume`"
        )
    name = re.sub(r"-seed\d+$", "", folder.resolve().name)
    if name not in published:
        sys.exit(f"{folder}: published.yaml has no entry {name}; expected one for each recipe; add it")
    recipe = (folder / "recipe.yaml").read_text(encoding="utf-8")
    if re.search(r"[:\s]/\w", recipe):
        sys.exit(f"{folder}/recipe.yaml: names a path of this machine; expected one that others have; run it elsewhere")
    result = Result.read(folder)
    _ = result.command  # refuses a run that its command no longer makes
    to = DOCS / "results" / name / f"seed{result.seed}"
    to.mkdir(parents=True, exist_ok=True)
    for file in KEPT:
        shutil.copyfile(folder / file, to / file)
    with (folder / "predictions.jsonl").open(encoding="utf-8") as lines:
        empty = sum(json.loads(line)["prediction"] in ("", []) for line in lines)
    write_json(to / "outputs.json", {"empty": empty})
    return to


def keep_together(folders: Sequence[Path], kept: Sequence[Path]) -> None:
    """Score several runs of a recipe as one model, whose probabilities are their mean."""
    if len({path.parent for path in kept}) != 1 or len(kept) < 2:
        sys.exit("--together: expected several runs of one recipe; name them with their seeds, such as ptb ptb-seed1")
    scores, _ = evaluate(folders[0], others=folders[1:])
    started = sorted(Result.read(path).environment.started for path in kept)
    write_json(kept[0].parent / "together.json", {"started": started, "scores": scores})


def collect(folder: Path, published: dict[str, Any]) -> dict[str, list[Result]]:
    """What is kept, by entry in the order of `published`, and by seed."""
    found = {name: [Result.read(run) for run in (folder / name).glob("seed*")] for name in published}
    for name, runs in found.items():
        if len({dump_recipe(unseeded(result.recipe)) for result in runs}) > 1:
            sys.exit(
                f"{folder / name}: its recipes differ in more than train.seed; expected seeds of one; keep such ones"
            )
    return {name: sorted(runs, key=lambda result: result.seed) for name, runs in found.items() if runs}


def unseeded(recipe: Recipe) -> Recipe:
    """A recipe as it is with seed 0."""
    return recipe.model_copy(update={"train": recipe.train.model_copy(update={"seed": 0})})


def render(results: dict[str, list[Result]], published: dict[str, Any]) -> str:
    """The page."""
    return "\n".join(
        [
            "# Results",
            "",
            "Written by `python benchmarks/results.py` from run directories, whose small files lie in "
            "[results/](results/); not by hand, but for what others published and the remarks, which are those of "
            "`seqtasks/report/published.yaml`. All data were read from folders in the layout of the Hub's sets, which "
            "may have changed since. Settings were chosen on validation rows; each run was scored on the "
            "test rows once, and a remark says where earlier runs' test scores had been seen. Three seeds or more: "
            "mean and standard deviation; two: both; one: 95% bootstrap interval over rows. As one model: the seeds' "
            "probabilities are averaged.",
            "",
            "| recipe | data | score | seeds | as one model | published | by |",
            "|---|---|---|---|---|---|---|",
            *(row for name, found in results.items() for row in rows(name, found, published[name])),
            "",
            *(line for name, found in results.items() for line in section(name, found, published[name], results)),
            *leaks(),
        ]
    )


def leaks() -> Iterator[str]:
    """What `leaks.py` has counted."""
    yield from (
        "## Leaks between sets",
        "",
        "Test rows that stand in training rows, letter case, accents and punctuation aside; counted by "
        "`python benchmarks/leaks.py`. A set beside itself: rows that flatter every score on it. Two sets: how much of "
        "the second a network has read that was trained on the first.",
        "",
        "| training rows of | test rows of | test rows | equal to one | within a longer one | longest of these |",
        "|---|---|---|---|---|---|",
    )
    for leak in TypeAdapter(list[Leak]).validate_json(LEAKS.read_text(encoding="utf-8")):
        longest = f"{leak.longest} words" if leak.within else ""
        yield f"| `{leak.train}` | `{leak.test}` | {leak.rows:,} | {leak.equal:,} | {leak.within:,} | {longest} |"
    yield ""


def needed(result: Result, results: dict[str, list[Result]]) -> list[Result]:
    """The runs that must be there before one can start from their weights, the first first."""
    start = result.recipe.train.init_from
    if start is None:
        return []
    before = [other for found in results.values() for other in found if other.run == start]
    if not before:
        sys.exit(f"{result.folder}: starts from {start}, which is not kept; keep that run too")
    return [*needed(before[0], results), before[0]]


def rows(name: str, found: Sequence[Result], entry: dict[str, Any]) -> Iterator[str]:
    """Lines of the table: one for each published figure."""
    first = found[0].score(entry["score"])
    reached = f"{score_heading(first)} {summary(found, entry['score'])}"
    joined = together(found, entry["score"])
    one = f"{format_number(joined.value, joined.unit)} ({format_interval(joined)})" if joined else ""
    ours = f"[{name}](#{name}) | {entry['data']} | {reached} | {len(found)} | {one}"
    if not entry["published"]:
        yield f"| {ours} | | none known for this protocol |"
    for figure in entry["published"]:
        remark = "" if figure["same"] else f"; not comparable: {figure['note']}"
        yield f"| {ours} | {figure['figure']} | {figure['who']}{remark} |"


def together(found: Sequence[Result], name: str) -> Score | None:
    """What the seeds of a recipe reach as one model; None if they were not scored so."""
    path = found[0].folder.parent / "together.json"
    if not path.exists():
        return None
    stored = read_json(path)
    if stored["started"] != sorted(result.environment.started for result in found):
        runs = " ".join(result.run for result in found)
        sys.exit(f"{path}: is of other runs than are kept; expected these: results.py --together {runs}")
    scores = TypeAdapter(list[Score]).validate_python(stored["scores"]["test"]["scores"])
    return next(score for score in scores if score.name == name)


def summary(found: Sequence[Result], name: str) -> str:
    """Mean and deviation over seeds, or the interval of a single run."""
    scores = [result.score(name) for result in found]
    if len(scores) == 1:
        return f"{format_number(scores[0].value, scores[0].unit)} ({format_interval(scores[0])})"
    values = [score.value for score in scores]
    if len(values) == 2:  # a deviation of two says nothing
        return ", ".join(format_number(value, scores[0].unit) for value in values)
    return " ± ".join(format_number(value, scores[0].unit) for value in (mean(values), stdev(values)))


def section(
    name: str, found: Sequence[Result], entry: dict[str, Any], results: dict[str, list[Result]]
) -> Iterator[str]:
    """Protocol, commands, all scores, cost, and what is wrong with the data."""
    first = found[0]
    before = needed(first, results)
    yield from (f"## {name}", "", f"{entry['data']}. Protocol: {entry['protocol']}.", "", "```sh")
    yield from (result.command for result in [*before, *found])
    yield from ("```", "", "| seed | validation | test | training |", "|---|---|---|---|")
    for result in found:
        score = result.score(entry["score"])
        yield (
            f"| {result.seed} | {result.validation(entry['score'])} "
            f"| {format_number(score.value, score.unit)} ({format_interval(score)}) "
            f"| {result.seconds / 60:.1f} min, {result.environment.device}, "
            f"{result.environment.threads} thread{'s' * (result.environment.threads != 1)} |"
        )
    yield ""
    if (joined := together(found, entry["score"])) is not None:
        command = shlex.join(["seqtasks", "evaluate", *(result.run for result in found)])
        figure = f"{score_title(joined.name)} {format_number(joined.value, joined.unit)} ({format_interval(joined)})"
        yield f"{len(found)} seeds answering as one model (`{command}`): {figure}.\n"
    names = [score.name for score in first.scores.test.scores]
    if before:
        minutes = sum(result.seconds for result in before) / 60
        every = "All seeds start" if len(found) > 1 else "It starts"
        rest = ", so the deviation leaves out what another start would change" if len(found) > 1 else ""
        yield f"{every} from `{before[-1].run}`{rest}; the trainings before it took {minutes:.1f} min.\n"
    if remark := entry.get("remark"):
        yield f"{remark}\n"
    yield "; ".join(f"{score_title(other)} {summary(found, other)}" for other in names) + "."
    if rival := best_baseline(first.scores.model_copy(update={"primary": entry["score"]})):
        figure = f"{score_title(rival[1].name)} {format_number(rival[1].value, rival[1].unit)}"
        yield f"Best simple baseline: {rival[0]}, {figure}."
    test = first.data.splits["test"]
    block = first.recipe.dataset
    source = ", ".join(filter(None, (block.path, block.name)))
    yield f"Test rows: `{source}`, split `{block.split.test}`."
    twins = first.data.duplicates.get("test", 0)
    yield (
        f"{first.data.parameters:,} parameters. Of {test.rows:,} test rows {twins:,} have an input that stands in the "
        f"training rows too, {test.truncated:,} were cut, {test.empty:,} are empty; {first.empty_outputs:,} were "
        "answered with nothing."
    )
    yield from (f"Signature: `{first.score(entry['score']).signature}`.", "")


if __name__ == "__main__":
    main(sys.argv[1:])
