"""A new model that begins with what another run has learned of the same language (Dai and Le 2015, arXiv:1511.01432).

A language model of the texts, trained first, gives a classifier its token vectors and its recurrent network: what they
have learned needs no labels.
"""

from pathlib import Path
from typing import Any

import torch

from seqtasks.errors import RunError
from seqtasks.run_directory import RunDirectory
from seqtasks.share.fetch import find_run
from seqtasks.tasks import Task, task_class
from seqtasks.tasks.model import SequenceModel
from seqtasks.training.checkpoint import load_weights, model_tensors

_EMBEDDING = "input.embedding.weight"


@torch.no_grad()
def warm_start(model: SequenceModel, task: Task, run: Path) -> str:
    """Copy the input and the backbone of a finished run into a model.

    Vectors are copied by token, those of tokens that the run does not know stay as they are; words that only the run
    knows have places in the vocabulary too (`tasks/readers/known_words.py`). All else that the run has learned there
    must have its place: a bidirectional network may start from a forward one, the other way round not.

    Args:
        model: new.
        task: its task.
        run: a run directory of any task, or its name on the Hub.

    Returns:
        What was copied, for people.

    Raises:
        RunError: there is no finished run, or its input or backbone does not fit.
    """
    run = find_run(run)
    directory = RunDirectory.open(run)
    other = task_class(directory.recipe).load(directory.recipe, run)
    weights = load_weights(run / "model.safetensors")
    learned = {name: weights[name] for name in sorted(weights) if _is_shared(name)}
    own = model_tensors(model)
    known, words = _vocabulary(other, run), _vocabulary(task, run)
    vectors = learned.pop(_EMBEDDING)
    if vectors.shape[1] != own[_EMBEDDING].shape[1]:
        raise _misfit(run, _EMBEDDING, vectors.shape, own[_EMBEDDING].shape)
    for name, tensor in learned.items():
        if name not in own or own[name].shape != tensor.shape:
            raise _misfit(run, name, tensor.shape, own[name].shape if name in own else None)
    rows = {word: row for row, word in enumerate(known[: len(vectors)])}
    pairs = [(row, rows[word]) for row, word in enumerate(words[: len(own[_EMBEDDING])]) if word in rows]
    here, there = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2).T
    own[_EMBEDDING][here] = vectors[there].to(own[_EMBEDDING])
    for name, tensor in learned.items():
        own[name].copy_(tensor)
    return f"starts from {run}: {len(pairs):,} of {len(words):,} token vectors, {len(learned):,} other tensors"


def _is_shared(name: str) -> bool:
    return name.startswith(("input.", "backbone."))


def _vocabulary(task: Task, run: Path) -> list[str]:
    words: list[str] | None = getattr(task.reader, "vocabulary", None)
    if words is None:
        raise RunError(
            f"train.init_from: {run}: the input of {task.name} has no tokens; expected two tasks on texts or words; "
            "leave train.init_from out"
        )
    return words


def _misfit(run: Path, name: str, given: Any, expected: Any) -> RunError:
    there, here = list(given), "none" if expected is None else list(expected)
    return RunError(
        f"train.init_from: {run}: {name} is {there} there and {here} here; expected input and backbone of the same "
        "sizes; make the two recipes alike"
    )
