"""One page per task. A new task is one file beside these and one entry in `TASKS`."""

from seqtasks.recipe import Recipe
from seqtasks.tasks.captioning import Captioning
from seqtasks.tasks.chat import Chat
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.description import Description
from seqtasks.tasks.forecasting import Forecasting
from seqtasks.tasks.frame_classification import FrameClassification
from seqtasks.tasks.frame_tagging import FrameTagging
from seqtasks.tasks.image_classification import ImageClassification
from seqtasks.tasks.language_modeling import LanguageModeling
from seqtasks.tasks.music import Music
from seqtasks.tasks.pronunciation import Pronunciation
from seqtasks.tasks.regression import Regression
from seqtasks.tasks.tagging import Tagging
from seqtasks.tasks.task import Task
from seqtasks.tasks.translation import Translation

__all__ = ["TASKS", "Task", "task_class"]

TASKS: tuple[type[Task], ...] = (
    ImageClassification,
    Captioning,
    Description,
    Music,
    Classification,
    FrameClassification,
    Regression,
    Forecasting,
    Tagging,
    FrameTagging,
    LanguageModeling,
    Translation,
    Chat,
    Pronunciation,
)
"""In the order of the textbooks: one-to-one, one-to-many, many-to-one, many-to-many."""


def task_class(recipe: Recipe) -> type[Task]:
    """The task that a recipe names."""
    return next(task for task in TASKS if task.name == recipe.task)
