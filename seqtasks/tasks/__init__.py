"""One page per task. A new task is one file beside these and one entry in `TASKS`."""

from seqtasks.recipe import Recipe
from seqtasks.tasks.captioning import Captioning
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.tagging import Tagging
from seqtasks.tasks.task import Task
from seqtasks.tasks.translation import Translation

__all__ = ["TASKS", "Captioning", "Classification", "Tagging", "Task", "Translation", "task_class"]

TASKS: tuple[type[Task], ...] = (Classification, Tagging, Captioning, Translation)


def task_class(recipe: Recipe) -> type[Task]:
    """The task that a recipe names."""
    return next(task for task in TASKS if task.name == recipe.task)
