"""The loss over a vocabulary against torch's linear layer and cross-entropy."""

import pytest
import torch
from torch import nn

from seqtasks.backbone import IGNORE_INDEX
from seqtasks.heads import vocabulary
from seqtasks.heads.output import score_targets
from seqtasks.heads.vocabulary import score_vocabulary


def _case(vocab_size: int = 13) -> tuple[torch.Tensor, nn.Linear, torch.Tensor]:
    torch.manual_seed(0)
    states = torch.randn(4, 6, 5, requires_grad=True)
    targets = torch.randint(vocab_size, (4, 6))
    targets[1, 3:] = targets[3, 1:] = IGNORE_INDEX
    return states, nn.Linear(5, vocab_size), targets


def _gradients(loss: torch.Tensor, states: torch.Tensor, layer: nn.Linear) -> tuple[torch.Tensor, ...]:
    return torch.autograd.grad(3.0 * loss, [states, layer.weight, layer.bias])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("at_a_time", [13, 40, 1 << 23])
def test_loss_and_gradients_equal_torchs(smoothing: float, at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_LOGITS_AT_A_TIME", at_a_time)
    states, layer, targets = _case()
    expected = score_targets(layer(states), targets, label_smoothing=smoothing)
    found = score_vocabulary(states, layer, targets, training=True, label_smoothing=smoothing)
    torch.testing.assert_close(found.loss_sum, expected.loss_sum)
    assert found.count == expected.count == 16
    assert found.logits.numel() == 0
    assert found.loss_sum is not None
    assert expected.loss_sum is not None
    wanted = _gradients(expected.loss_sum, states, layer)
    for ours, theirs in zip(_gradients(found.loss_sum, states, layer), wanted, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_outside_training_there_are_logits_and_no_smoothing() -> None:
    states, layer, targets = _case()
    found = score_vocabulary(states, layer, targets, training=False, label_smoothing=0.5)
    torch.testing.assert_close(found.logits, layer(states))
    torch.testing.assert_close(found.loss_sum, score_targets(layer(states), targets).loss_sum)
    assert score_vocabulary(states, layer, None, training=True).loss_sum is None


def test_large_logits_and_rows_without_targets() -> None:
    states, layer, targets = _case()
    output = score_vocabulary(1e4 * states, layer, targets, training=True)
    assert output.loss_sum is not None
    assert output.loss_sum.isfinite()
    nothing = score_vocabulary(states, layer, torch.full_like(targets, IGNORE_INDEX), training=True)
    assert nothing.loss_sum is not None
    assert nothing.loss_sum == nothing.count == 0
    assert all(not gradient.any() for gradient in _gradients(nothing.loss_sum, states, layer))


def test_mixed_precision_sums_in_full_precision() -> None:
    states, layer, targets = _case()
    exact = score_vocabulary(states, layer, targets, training=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rounded = score_vocabulary(states, layer, targets, training=True)
    assert exact.loss_sum is not None
    assert rounded.loss_sum is not None
    assert rounded.loss_sum.dtype == torch.float32
    torch.testing.assert_close(rounded.loss_sum, exact.loss_sum, rtol=1e-2, atol=0.0)
    pairs = zip(_gradients(rounded.loss_sum, states, layer), _gradients(exact.loss_sum, states, layer), strict=True)
    for ours, theirs in pairs:
        assert ours.dtype == torch.float32
        torch.testing.assert_close(ours, theirs, rtol=0.05, atol=0.05)
