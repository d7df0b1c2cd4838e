"""Several models that answer as one."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch
from cases import CASES
from datasets import Dataset

from seqtasks.backbone import Batch
from seqtasks.recipe import parse_recipe
from seqtasks.tasks import task_class
from seqtasks.tasks.ensemble import Ensemble
from seqtasks.tasks.examples import values
from seqtasks.tasks.inference import predict


def fitted(name, change=lambda text: text):
    text = change(CASES[name].recipe.replace("CELL", "gru"))
    recipe = parse_recipe(f"task: {name}\ndataset: {{path: memory}}\n{text}", source="test")
    kind = task_class(recipe)
    rows = kind.arrange(recipe, Dataset.from_dict(CASES[name].rows))
    return kind.fit(recipe, rows), rows


def drawn(task, seed):
    torch.manual_seed(seed)
    model = task.build().eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    return model


def answer(task, model, rows):
    return predict(task, model, task.encode(rows), tokens_per_batch=1000, details=True)


@pytest.mark.parametrize("name", CASES)
def test_twice_the_same_model_is_that_model(name):
    task, rows = fitted(name)
    alone = drawn(task, 1)
    one, both = answer(task, alone, rows), answer(task, Ensemble([alone, alone]), rows)
    assert len(one) == len(both) == len(rows)
    for before, after in zip(one, both, strict=True):
        assert before.details.keys() == after.details.keys()
        for name, detail in before.details.items():
            near = isinstance(detail, float | list)
            assert after.details[name] == (pytest.approx(detail, abs=1e-3) if near else detail)
        if isinstance(before.value, float) or (isinstance(before.value, list) and isinstance(before.value[0], float)):
            assert after.value == pytest.approx(before.value, rel=1e-4, abs=1e-4)
        else:
            assert after.value == before.value


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_the_members_does_not_matter(name):
    task, rows = fitted(name)
    members = [drawn(task, seed) for seed in (1, 2, 3)]
    answers = [values(answer(task, Ensemble(order), rows)) for order in (members, members[::-1])]
    for first, second in zip(*answers, strict=True):
        if isinstance(first, float) or (isinstance(first, list) and isinstance(first[0], float)):
            assert second == pytest.approx(first, rel=1e-4, abs=1e-4)
        else:
            assert second == first


def test_probabilities_of_labels_are_averaged():
    task, rows = fitted("classification")
    members = [drawn(task, seed) for seed in (1, 2)]
    batch = Batch(task.collate(task.encode(rows), np.arange(len(rows))).inputs)
    with torch.inference_mode():
        expected = torch.stack([member(batch).logits.softmax(-1) for member in members]).mean(0)
        found = Ensemble(members)(batch).logits.softmax(-1)
    torch.testing.assert_close(found, expected)


def test_improbabilities_of_a_language_model_are_those_of_the_mean_probability_of_each_token():
    task, rows = fitted("language_modeling")
    members = [drawn(task, seed) for seed in (1, 2)]
    ids = task.encode(rows).inputs
    with torch.inference_mode():
        each = [np.exp(-task._nats(member, ids.values, None)[0]) for member in members]
        found = task._nats(Ensemble(members), ids.values, None)[0]
    assert np.exp(-found) == pytest.approx(np.mean(each, axis=0), rel=1e-4)
    answers = answer(task, Ensemble(members), rows)
    assert sum(values(answers)) == pytest.approx(found.sum(), rel=1e-4)


def test_a_decoder_follows_the_mean_probability_of_each_token():
    task, rows = fitted("translation")
    members = [drawn(task, seed) for seed in (1, 2)]
    batch = task.collate(task.encode(rows), np.arange(len(rows)))
    joined = Ensemble(members)
    with torch.inference_mode():
        state = joined.head.begin(joined.encode(batch.inputs))
        states = [member.head.begin(member.encode(batch.inputs)) for member in members]
        tokens = torch.full((len(rows), 1), 2)
        for _ in range(3):
            each = [member.head.step(tokens, before) for member, before in zip(members, states, strict=True)]
            states = [after for _, after in each]
            log_probs, state = joined.head.step(tokens, state)
            torch.testing.assert_close(log_probs.exp(), torch.stack([log.exp() for log, _ in each]).mean(0))
            assert (log_probs <= 0).all()
            tokens = log_probs.argmax(-1)


def test_a_crf_finds_the_path_of_the_highest_mean_score():
    task, rows = fitted("tagging")
    members = [drawn(task, seed) for seed in (1, 2)]
    batch = task.collate(task.encode(rows), np.arange(len(rows)))
    joined = Ensemble(members)
    with torch.inference_mode():
        logits = [member(Batch(batch.inputs)).logits for member in members]
        found = joined.head.best_labels(joined(Batch(batch.inputs)).logits, batch.inputs.lengths)
    chains = [[part.detach() for part in member.head.scores()] for member in members]

    def score(row, path):
        total = 0.0
        for (start, transitions, end), emissions in zip(chains, logits, strict=True):
            total += float(start[path[0]] + end[path[-1]] + sum(transitions[pair] for pair in pairwise(path)))
            total += sum(float(emissions[row, step, label]) for step, label in enumerate(path))
        return total

    labels = range(logits[0].shape[-1])
    for row, path in enumerate(found):
        every = [score(row, other) for other in product(labels, repeat=len(path))]
        assert score(row, path) == pytest.approx(max(every), abs=1e-3)


def test_heads_of_different_kinds_do_not_answer_together():
    plain, _ = fitted("tagging", lambda text: text.replace("crf: true", "crf: false"))
    chained, _ = fitted("tagging")
    with pytest.raises(ValueError, match="heads are CRFTaggingHead, TaggingHead; expected one kind"):
        Ensemble([plain.build(), chained.build()])
