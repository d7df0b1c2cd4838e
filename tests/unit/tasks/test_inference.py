"""Answers where memory is short."""

import pytest
import torch
from cases import make_rows as _rows
from cases import make_task as _task

from seqtasks.errors import MemoryExceededError
from seqtasks.tasks.inference import predict, validate
from seqtasks.tasks.task import Task


def _cramped(task: Task, most: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sizes, collate = [], type(task).collate

    def cramped(self, examples, rows):
        sizes.append(len(rows))
        if len(rows) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return collate(self, examples, rows)

    monkeypatch.setattr(type(task), "collate", cramped)
    return sizes


@pytest.mark.parametrize("name", ["classification", "translation", "tagging"])
def test_a_batch_that_does_not_fit_is_answered_in_halves(name, monkeypatch):
    task, rows = _task(name, "gru"), _rows(name)
    model, examples = task.build().eval(), task.encode(rows)
    whole = predict(task, model, examples, tokens_per_batch=1000)
    loss = validate(task, model, rows, examples, tokens_per_batch=1000)[0].value
    sizes = _cramped(task, 2, monkeypatch)
    assert [answer.value for answer in predict(task, model, examples, tokens_per_batch=1000)] == [
        answer.value for answer in whole
    ]
    assert validate(task, model, rows, examples, tokens_per_batch=1000)[0].value == pytest.approx(loss, rel=1e-5)
    assert max(sizes) == len(rows)


def test_a_row_that_does_not_fit_alone_is_named(monkeypatch):
    task, rows = _task("classification", "gru"), _rows("classification")
    model, examples = task.build().eval(), task.encode(rows)
    _cramped(task, 0, monkeypatch)
    with pytest.raises(MemoryExceededError, match=r"row \d: memory ran out; expected an input that fits"):
        predict(task, model, examples, tokens_per_batch=1000)
