"""A CRF answers a row alike alone and in any batch, whatever stands at padding; one best path is Viterbi's."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.backbone import IGNORE_INDEX, Encoding
from seqtasks.heads import CRFTaggingHead

LABELS, SIZE = 4, 3
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _encoding(states: torch.Tensor, lengths: list[int]) -> Encoding:
    return Encoding(states, states[:, 0][None], torch.tensor(lengths))


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 7), min_size=1, max_size=5),
    extra=st.integers(0, 3),
    garbage=st.sampled_from([0.0, -1e3, 1e30, float("nan")]),
    n=st.integers(1, 6),
    forbidden=st.sets(st.tuples(st.integers(0, LABELS - 1), st.integers(0, LABELS - 1)), max_size=6),
    seed=st.integers(0, 2**16),
)
def test_a_row_is_answered_alike_alone_and_in_any_batch(lengths, extra, garbage, n, forbidden, seed):
    torch.manual_seed(seed)
    head = CRFTaggingHead(SIZE, LABELS, forbidden_transitions=sorted(forbidden), forbidden_starts=[1]).double()
    for parameter in head.parameters():
        torch.nn.init.normal_(parameter)
    shape = (len(lengths), max(lengths) + extra)
    states = torch.zeros(*shape, SIZE, dtype=torch.float64)
    targets = torch.full(shape, IGNORE_INDEX)
    for row, length in enumerate(lengths):
        states[row, :length] = torch.randn(length, SIZE)
        targets[row, :length] = torch.randint(LABELS, (length,)).masked_fill(torch.rand(length) < 0.2, IGNORE_INDEX)
    parameters = list(head.parameters())
    together = head(_encoding(states, lengths), targets)
    gradients = torch.autograd.grad(together.loss_sum, parameters)
    padding = torch.arange(shape[1]) >= torch.tensor(lengths)[:, None]
    emissions = together.logits.detach().masked_fill(padding[..., None], garbage)
    asked = (emissions, torch.tensor(lengths))
    marginals, partition = head.marginals(*asked), head.log_partition(*asked)
    paths, n_best = head.best_labels(*asked), head.n_best(*asked, n)
    assert not marginals[padding].any()
    torch.testing.assert_close(marginals[~padding].sum(-1), torch.ones(sum(lengths), dtype=torch.float64), **CLOSE)

    losses = []
    for row, length in enumerate(lengths):
        encoding = _encoding(states[row : row + 1, :length], [length])
        alone = head(encoding, targets[row : row + 1, :length])
        losses.append(alone.loss_sum)
        asked = (alone.logits.detach(), encoding.lengths)
        torch.testing.assert_close(marginals[row, :length], head.marginals(*asked)[0], **CLOSE)
        torch.testing.assert_close(partition[row], head.log_partition(*asked)[0], **CLOSE)
        assert [paths[row]] == head.best_labels(*asked)
        (found,) = head.n_best(*asked, n)
        assert [path for path, _ in n_best[row]] == [path for path, _ in found]
        assert paths[row] == n_best[row][0][0]
        log_probs = [torch.tensor([log_prob for _, log_prob in best]) for best in (n_best[row], found)]
        torch.testing.assert_close(*log_probs, rtol=0, atol=1e-6)
    torch.testing.assert_close(together.loss_sum, sum(losses), **CLOSE)
    for together_gradient, gradient in zip(gradients, torch.autograd.grad(sum(losses), parameters), strict=True):
        torch.testing.assert_close(together_gradient, gradient, rtol=1e-8, atol=1e-8)
