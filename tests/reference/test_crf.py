"""`CRFTaggingHead` against sums and maxima over every path, written out one path at a time."""

from itertools import pairwise, product

import pytest
import torch
from torch import Tensor

from seqtasks.backbone import IGNORE_INDEX, Encoding
from seqtasks.heads import CRFTaggingHead
from seqtasks.heads.crf import FORBIDDEN, bio_constraints

LABELS, SIZE = 3, 4
LENGTHS = [[1], [2], [5], [3, 1, 5, 2], [4, 4]]
UNKNOWN = IGNORE_INDEX


def _case(lengths: list[int], **forbidden) -> tuple[CRFTaggingHead, Encoding]:
    torch.manual_seed(0)
    head = CRFTaggingHead(SIZE, LABELS, **forbidden).double()
    for parameter in head.parameters():
        torch.nn.init.normal_(parameter)
    states = torch.randn(len(lengths), max(lengths), SIZE, dtype=torch.float64)
    return head, Encoding(states, states[:, 0][None], torch.tensor(lengths))


def _score(head: CRFTaggingHead, emissions: Tensor, path: tuple[int, ...]) -> Tensor:
    score = FORBIDDEN if head.forbidden_starts[path[0]] else head.start[path[0]]
    for step, label in zip(emissions, path, strict=False):
        score = score + step[label]
    for before, after in pairwise(path):
        score = score + (FORBIDDEN if head.forbidden_transitions[before, after] else head.transitions[before, after])
    return score + head.end[path[-1]]


def _all_paths(head: CRFTaggingHead, emissions: Tensor, length: int) -> dict[tuple[int, ...], Tensor]:
    return {path: _score(head, emissions, path) for path in product(range(LABELS), repeat=length)}


def _log_sum(scores) -> Tensor:
    return torch.stack(list(scores)).logsumexp(0)


def _loss(head: CRFTaggingHead, encoding: Encoding, targets: Tensor) -> Tensor:
    """Minus the log of the share of the paths that agree with the known targets."""
    losses = []
    for states, length, wanted in zip(encoding.states, encoding.lengths.tolist(), targets.tolist(), strict=True):
        paths = _all_paths(head, head.output(states), length)
        agreeing = [
            score
            for path, score in paths.items()
            if all(target in (UNKNOWN, label) for label, target in zip(path, wanted, strict=False))
        ]
        losses.append(_log_sum(paths.values()) - _log_sum(agreeing))
    return torch.stack(losses).sum()


@pytest.mark.parametrize("lengths", LENGTHS)
def test_sums_and_maxima(lengths):
    head, encoding = _case(lengths)
    emissions = head.requires_grad_(False)(encoding).logits
    partition, found = head.log_partition(emissions, encoding.lengths), head.marginals(emissions, encoding.lengths)
    viterbi, n_best = head.best_labels(emissions, encoding.lengths), head.n_best(emissions, encoding.lengths, 1000)
    for row, length in enumerate(lengths):
        paths = _all_paths(head, emissions[row], length)
        expected = _log_sum(paths.values())
        torch.testing.assert_close(partition[row], expected)

        probabilities = torch.zeros(max(lengths), LABELS, dtype=torch.float64)
        for path, score in paths.items():
            for step, label in enumerate(path):
                probabilities[step, label] += (score - expected).exp()
        torch.testing.assert_close(found[row], probabilities)

        ranked = sorted(paths, key=paths.__getitem__, reverse=True)
        assert viterbi[row] == list(ranked[0])
        assert [path for path, _ in n_best[row]] == [list(path) for path in ranked]
        log_probs = [float(paths[path] - expected) for path in ranked]
        assert [log_prob for _, log_prob in n_best[row]] == pytest.approx(log_probs)


TARGETS = {
    "all known": [[2, 0, 1, 1], [0, UNKNOWN, UNKNOWN, UNKNOWN], [1, 2, UNKNOWN, UNKNOWN]],
    "unknown inside": [[2, UNKNOWN, UNKNOWN, 1], [UNKNOWN] * 4, [UNKNOWN, 2, UNKNOWN, UNKNOWN]],
}


@pytest.mark.parametrize("forbidden", [{}, {"forbidden_transitions": [(2, 0), (1, 1)], "forbidden_starts": [1]}])
@pytest.mark.parametrize("known", TARGETS)
def test_loss_and_its_gradient(known, forbidden):
    head, encoding = _case([4, 1, 2], **forbidden)
    encoding.states.requires_grad_()
    targets = torch.tensor(TARGETS[known])
    inputs = [encoding.states, *head.parameters()]
    output, expected = head(encoding, targets), _loss(head, encoding, targets)
    assert int(output.count) == int((targets != UNKNOWN).sum())
    torch.testing.assert_close(output.loss_sum, expected)
    gradients = torch.autograd.grad(expected, inputs)
    for found, gradient in zip(torch.autograd.grad(output.loss_sum, inputs), gradients, strict=True):
        torch.testing.assert_close(found, gradient)


def test_a_row_of_unknown_labels_costs_nothing():
    head, encoding = _case([3])
    output = head(encoding, torch.full((1, 3), UNKNOWN))
    assert output.loss_sum == output.count == 0


def test_a_forbidden_path_is_never_chosen_and_costs_finitely_much():
    labels = ["B-X", "I-X", "O"]
    transitions, starts = bio_constraints(labels)
    head, encoding = _case([5, 1, 3], forbidden_transitions=transitions, forbidden_starts=starts)
    with torch.no_grad():
        head.output.bias[1] += 100  # I-X everywhere, were it allowed
    head.float()
    encoding = Encoding(encoding.states.float(), encoding.final, encoding.lengths)
    emissions = head(encoding).logits
    n_best = head.n_best(emissions, encoding.lengths, 1000)
    assert head.best_labels(emissions, encoding.lengths)[0][:2] == [0, 1]
    assert [len(row) for row in n_best] == [89, 2, 13]  # words over B, I, O that are legal
    for row in n_best:
        assert sum(torch.tensor([log_prob for _, log_prob in row]).exp()) == pytest.approx(1, abs=1e-3)
        assert not any(pair in transitions for path, _ in row for pair in pairwise(path))
        assert not any(path[0] in starts for path, _ in row)

    loss = head(encoding, torch.tensor([[2, 1, 2, 1, 2], [1] + [UNKNOWN] * 4, [2, 2, 2] + [UNKNOWN] * 2])).loss_sum
    loss.backward()
    assert 3 * -FORBIDDEN < loss < 4 * -FORBIDDEN
    assert all(parameter.grad.isfinite().all() for parameter in head.parameters())


def test_where_every_path_is_forbidden_the_best_uses_the_fewest():
    head, encoding = _case([4], forbidden_starts=range(LABELS), forbidden_transitions=[(0, 1), (1, 2), (2, 0)])
    ((path, log_prob), *others) = head.n_best(head(encoding).logits, encoding.lengths, 1000)[0]
    assert all(pair not in [(0, 1), (1, 2), (2, 0)] for pair in pairwise(path))
    assert log_prob > -10
    assert len(others) == 3 * 2**3 - 1


def test_half_precision_is_summed_in_full():
    head, encoding = _case([40, 7])
    head.float()
    encoding = Encoding(encoding.states.float(), encoding.final, encoding.lengths)
    targets = torch.randint(LABELS, (2, 40)).masked_fill(torch.arange(40) >= encoding.lengths[:, None], UNKNOWN)
    with torch.autocast("cpu", torch.bfloat16):
        output = head(encoding, targets)
        partition = head.log_partition(output.logits, encoding.lengths)
    assert output.logits.dtype == torch.bfloat16
    assert output.loss_sum.dtype == torch.float32
    torch.testing.assert_close(partition, head.log_partition(output.logits.float(), encoding.lengths))
    probabilities = head.marginals(output.logits, encoding.lengths).sum(-1)
    torch.testing.assert_close(probabilities[1], (torch.arange(40) < 7).float(), rtol=0, atol=1e-5)
    assert head.bfloat16().log_partition(output.logits, encoding.lengths).dtype == torch.float32


def test_a_long_row_loses_no_precision():
    head, encoding = _case([1000])
    targets = torch.randint(LABELS, (1, 1000))
    found = {}
    for dtype in (torch.float64, torch.float32):
        head.to(dtype).zero_grad()
        states = (10 * encoding.states).to(dtype).requires_grad_()
        loss = head(Encoding(states, encoding.final, encoding.lengths), targets).loss_sum
        loss.backward()
        marginals = head.marginals(head.output(states), encoding.lengths)
        found[dtype] = [loss, states.grad, head.transitions.grad.clone(), marginals]
    for full, single in zip(found[torch.float64], found[torch.float32], strict=True):
        torch.testing.assert_close(single, full.float(), rtol=1e-3, atol=5e-3)


def test_bio_constraints():
    labels = ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"]
    transitions, starts = bio_constraints(labels)
    assert starts == [2, 3]
    assert sorted(transitions) == [(0, 3), (1, 2), (2, 3), (3, 2), (4, 2), (4, 3)]
    assert bio_constraints(["NOUN", "O"]) == bio_constraints(["B-", "O"]) == ([], [])


@pytest.mark.parametrize("forbidden", [{"forbidden_starts": [3]}, {"forbidden_transitions": [(0, -1)]}])
def test_a_forbidden_label_that_is_none_is_refused(forbidden):
    with pytest.raises(ValueError, match="expected 0 to 2"):
        CRFTaggingHead(SIZE, LABELS, **forbidden)


def test_no_paths_are_refused():
    head, encoding = _case([2])
    with pytest.raises(ValueError, match="expected 1 or more"):
        head.n_best(head(encoding).logits, encoding.lengths, 0)
