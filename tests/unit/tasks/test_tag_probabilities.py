"""The probability that a tagger gives to each of its tags."""

import numpy as np
import pytest
import torch
from cases import make_rows, make_task

from seqtasks.backbone import Batch
from seqtasks.tasks.inference import predict
from seqtasks.tasks.tagging import Tagging


@pytest.fixture(params=["tagging", "frame_tagging"])
def tagger(request):
    task = make_task(request.param)
    torch.manual_seed(3)
    model = task.build().eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    return task, model, task.encode(make_rows(request.param))


def test_each_tag_has_one_and_batches_do_not_change_it(tagger):
    task, model, examples = tagger
    together = predict(task, model, examples, tokens_per_batch=1000, details=True)
    alone = predict(task, model, examples, tokens_per_batch=1, details=True)
    plain = predict(task, model, examples, tokens_per_batch=1000)
    for one, other, bare in zip(together, alone, plain, strict=True):
        assert one.value == other.value == bare.value
        assert bare.details == {}
        found = one.details["probability"]
        assert len(found) == len(one.value)
        assert all(0 < number <= 1 and number == round(number, 4) for number in found)
        assert found == pytest.approx(other.details["probability"], abs=2e-4)
    assert len({number for answer in together for number in answer.details["probability"]}) > 5


def test_it_is_that_of_the_tag_among_all_tags(tagger):
    """Summed over all sequences of tags one by one, or the softmax."""
    task, model, examples = tagger
    rows = np.arange(1)
    batch = task.collate(examples, rows)
    with torch.inference_mode():
        (answer,) = task.predict_with_details(model, examples, rows)
        logits = model(Batch(batch.inputs)).logits[0]
    model.requires_grad_(False)
    tags = [task.labels.names.index(tag) for tag in answer.value]
    if task.name == "tagging":
        scores = model.head.scores()
        paths = torch.cartesian_prod(*[torch.arange(logits.shape[1])] * len(logits))
        total = scores.start[paths[:, 0]] + scores.end[paths[:, -1]] + logits[range(len(logits)), paths].sum(1)
        total = (total + scores.transitions[paths[:, :-1], paths[:, 1:]].sum(1)).softmax(0)
        expected = [total[paths[:, step] == tag].sum().item() for step, tag in enumerate(tags)]
    else:
        expected = logits.softmax(-1)[range(len(tags)), tags].tolist()
    assert answer.details["probability"] == pytest.approx(expected, abs=1e-4)


def test_a_row_without_steps_has_none():
    task = make_task("frame_tagging")
    assert isinstance(task, Tagging)
    (answer,) = predict(task, task.build(), task.encode_inputs([[]]), tokens_per_batch=9, details=True)
    assert (answer.value, answer.details) == ([], {"probability": []})
