"""In what the recipes of several runs differ, and which runs differ in nothing but the seed."""

import json
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seqtasks.compare.contestants import Contestant

SEED = "train.seed"


@dataclass(frozen=True)
class RecipeDifference:
    """A field of the recipe, such as `backbone.cell`, and its value in each run; None where there is no such field."""

    field: str
    values: list[str | None]


@dataclass(frozen=True)
class SeedGroup:
    """Runs whose recipes differ in nothing but `train.seed`.

    Attributes:
        names: of the runs.
        seeds: of the runs.
        scores: each score's mean and standard deviation over the runs (of a sample, n - 1); the deviation of a single
            run is None.
    """

    names: list[str]
    seeds: list[int]
    scores: dict[str, tuple[float, float | None]]

    @property
    def title(self) -> str:
        """Names of the runs."""
        return ", ".join(self.names)


def recipe_differences(contestants: Sequence[Contestant]) -> list[RecipeDifference]:
    """The fields in which not all recipes agree, in the order of the recipe; the seed is always named."""
    flat = [_flat(each.run.recipe.model_dump(mode="json")) for each in contestants]
    fields = list(dict.fromkeys(field for recipe in flat for field in recipe))
    found = [RecipeDifference(field, [recipe.get(field) for recipe in flat]) for field in fields]
    return [each for each in found if each.field == SEED or len(set(each.values)) > 1]


def seed_groups(contestants: Sequence[Contestant]) -> list[SeedGroup]:
    """Runs by recipe, the seed apart; empty where each has a recipe of its own.

    A run that repeats a seed is no other draw: it begins a group of its own.
    """
    groups: dict[tuple[str, int], list[Contestant]] = {}
    seen: Counter[str] = Counter()
    for each in contestants:
        recipe = _flat(each.run.recipe.model_dump(mode="json"))
        whole = json.dumps(recipe, sort_keys=True)
        recipe.pop(SEED, None)
        groups.setdefault((json.dumps(recipe, sort_keys=True), seen[whole]), []).append(each)
        seen[whole] += 1
    if len(groups) == len(contestants):
        return []
    return [_group(members) for members in groups.values()]


def _group(members: Sequence[Contestant]) -> SeedGroup:
    scores = {}
    for score in members[0].run.scores.test.scores:
        values = [twin.value for each in members if (twin := each.score(score.name))]
        if len(values) == len(members):
            deviation = statistics.stdev(values) if len(values) > 1 else None
            scores[score.name] = (statistics.fmean(values), deviation)
    return SeedGroup([each.name for each in members], [each.run.recipe.train.seed for each in members], scores)


def _flat(value: Any, prefix: str = "") -> dict[str, str]:
    """Dotted names and values as they are written in a recipe."""
    if isinstance(value, dict) and value:
        found: dict[str, str] = {}
        for key, part in value.items():
            found |= _flat(part, f"{prefix}.{key}" if prefix else str(key))
        return found
    return {prefix: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}
