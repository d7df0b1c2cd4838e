"""Run directory to predictions: `seqtasks.load("runs/translate").predict([...])`."""

import filecmp
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel

from seqtasks.errors import RunError, SeqtasksError
from seqtasks.prediction import mark_cut
from seqtasks.recipe import Recipe
from seqtasks.run_directory import RunDirectory
from seqtasks.runtime.manifest import MANIFEST
from seqtasks.share.fetch import find_run
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.build import build_trained_model
from seqtasks.tasks.ensemble import Ensemble
from seqtasks.tasks.examples import Prediction
from seqtasks.tasks.inference import predict
from seqtasks.tasks.model import SequenceModel
from seqtasks.training.checkpoint import load_weights
from seqtasks.training.processes import processes
from seqtasks.unicode import well_formed


class Predictor:
    """A trained model with everything it needs to answer plain inputs.

    Args:
        task: fitted.
        model: trained.

    Examples:
        >>> predictor = load("runs/translate")  # doctest: +SKIP
        >>> predictor.predict(["The PIN is invalid."])  # doctest: +SKIP
        ["Le code PIN n'est pas valide."]
    """

    def __init__(self, task: Task, model: SequenceModel) -> None:
        self.task, self.model = task, model.eval()

    def predict(self, inputs: Sequence[Any]) -> list[Any]:
        """Answer inputs: always a list in, a list of plain Python values out, in the same order.

        Args:
            inputs: for each, what the recipe's task reads: a text, a list of words, a picture or its path, a list of
                frames or numbers, the path of a sound, attributes.

        Returns:
            For each a label, a text, a list of tags, a number or a list of them.

        Raises:
            TypeError: a single string was given; put it into a list.
        """
        return [answer.value for answer in self.predict_with_details(inputs, costly=False)]

    def predict_with_details(self, inputs: Sequence[Any], *, costly: bool = True) -> list[Prediction]:
        """As `predict`, with probabilities or log-probabilities.

        Args:
            inputs: see `predict`.
            costly: those details too that take time to find out, such as the probabilities of tags.
        """
        if isinstance(inputs, str):
            raise TypeError("predict: a single text was given; expected a list of inputs; write predict([text])")
        if not len(inputs):
            return []
        examples = self.task.encode_inputs([well_formed(value) for value in inputs])
        budget = 4 * self.task.recipe.train.tokens_per_batch
        answers = predict(self.task, self.model, examples, tokens_per_batch=budget, details=costly)
        return mark_cut(answers, examples.cut)

    def stream(self, steps: Iterable[Any]) -> Iterator[Prediction]:
        """Answer step by step while the input is still coming, in constant memory, as for the whole input.

        Args:
            steps: words or frames (tagging: the tag of each), values of a series (forecasting: the forecast after
                each), texts (language modelling: the improbability of each after those before it).

        Raises:
            RunError: the task or the model needs the whole input first, as a bidirectional one does.
        """
        return self.task.stream(self.model, map(well_formed, steps))


def load(path: str | Path, *others: str | Path) -> Predictor:
    """Load a run, onto a GPU if there is one; or several, which answer as one model.

    What the models of several runs say is averaged: probabilities, or the numbers of a regression. How texts are
    searched for, the first run decides.

    Args:
        path: the run directory, or its name on the Hugging Face Hub: `USER/NAME` or `USER/NAME@REVISION`.
        others: further runs of the same task with the same vocabulary and labels, such as those of other seeds.

    Raises:
        RunError: there is no finished run (`HubError`: nor on the Hub), or it is damaged, of another version, or does
            not fit the first.
    """
    directory = RunDirectory.open(find_run(path))
    task = _load_task(directory)
    model = _load_model(task, directory)
    if others:
        model = Ensemble([model, *(_load_member(find_run(other), directory) for other in others)])
    return Predictor(task, model.to(processes().device))


_DECISIVE = ("tokenizer", "input", "attributes", "forecast", "stream", "head.crf")
"""What several runs must have in common beside vocabulary and labels, to read the same numbers and give the same."""


def _decisive(recipe: Recipe) -> list[Any]:
    found = []
    for place in _DECISIVE:
        value: Any = recipe
        for name in place.split("."):
            value = getattr(value, name, None)
        found.append(value.model_dump() if isinstance(value, BaseModel) else value)
    return found


def _load_member(path: Path, first: RunDirectory) -> SequenceModel:
    """The model of another run, if it understands the same numbers as the first."""
    if (path / MANIFEST).exists():
        raise RunError(f"{path}: an export, which answers alone; expected a run directory; give the run")
    directory = RunDirectory.open(path)
    if (name := directory.recipe.task) != (wanted := first.recipe.task):
        raise RunError(f"{path}: its task is {name}, that of {first.path} is {wanted}; expected one task; leave it out")
    for place, mine, theirs in zip(_DECISIVE, _decisive(directory.recipe), _decisive(first.recipe), strict=True):
        if mine != theirs:
            raise RunError(
                f"{path}: its {place} is {mine}, that of {first.path} is {theirs}; expected runs that read and answer "
                "alike; leave it out"
            )
    task = _load_task(directory)
    with TemporaryDirectory() as saved:
        task.save(Path(saved))
        names = sorted(file.name for file in Path(saved).iterdir())
    unlike = filecmp.cmpfiles(path, first.path, names, shallow=False)[1:]
    if differing := [name for names in unlike for name in names]:
        raise RunError(
            f"{path}: not the {', '.join(differing)} of {first.path}; expected runs that share vocabulary and labels; "
            "train both on the same rows"
        )
    return _load_model(task, directory)


def _load_task(directory: RunDirectory) -> Task:
    with _fitting_together(directory):
        return task_class(directory.recipe).load(directory.recipe, directory.path)


def _load_model(task: Task, directory: RunDirectory) -> SequenceModel:
    weights = directory.path / "model.safetensors"
    tensors = load_weights(weights)
    with _fitting_together(directory):
        try:
            return build_trained_model(task, tensors)
        except ValueError as error:
            raise RunError(
                f"{weights}: does not fit the recipe ({error}); expected the weights of this run; train it again"
            ) from None


@contextmanager
def _fitting_together(directory: RunDirectory) -> Iterator[None]:
    """A stranger may have written the files of a run: what they hold may be of any kind."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        if isinstance(error, SeqtasksError):
            raise
        raise RunError(
            f"{directory.path}: its files do not fit together ({type(error).__name__}: {error}); expected what one run "
            "has written; run its recipe again"
        ) from error
