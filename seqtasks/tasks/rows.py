"""From a recipe to the rows of its task."""

from datasets import Dataset

from seqtasks.data.source import Card, load_splits, load_test
from seqtasks.recipe import Recipe
from seqtasks.tasks.task import Task


def load_rows(task: type[Task], recipe: Recipe) -> tuple[dict[str, Dataset], Card]:
    """The rows of the splits `train`, `validation` and `test`, and what is known of the data set.

    Raises:
        DataError: the data is not there, or not of the kind that the task needs.
    """
    columns = recipe.dataset.columns.model_dump()
    splits = load_splits(recipe.dataset, columns=columns)
    return {name: task.arrange(recipe, rows) for name, rows in splits.rows.items()}, splits.card


def load_test_rows(task: type[Task], recipe: Recipe) -> Dataset:
    """The test rows alone; the other splits need not be there."""
    return task.arrange(recipe, load_test(recipe.dataset, columns=recipe.dataset.columns.model_dump()))
