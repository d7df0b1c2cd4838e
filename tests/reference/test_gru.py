"""Our GRU against torch's."""

import pytest
import torch
from torch import Tensor, nn

from seqtasks.backbone.gru import GRU


def _pair(dtype: torch.dtype = torch.float64) -> tuple[GRU, nn.GRU]:
    torch.manual_seed(0)
    ours = GRU(5, 4).to(dtype)
    for parameter in ours.parameters():
        nn.init.normal_(parameter)
    theirs = nn.GRU(5, 4, batch_first=True).to(dtype)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def _results(layer: nn.GRU, inputs: Tensor, initial: Tensor | None) -> list[Tensor]:
    """States, the last one, and all gradients of a sum that weighs them differently."""
    states, final = layer(inputs, initial)
    weights = torch.arange(states.numel(), dtype=states.dtype).view(states.shape).sin()
    wanted = [inputs, *([] if initial is None else [initial]), *layer.parameters()]
    loss = (states * weights).sum() + (final**2).sum()
    return [states, final, *torch.autograd.grad(loss, wanted)]


@pytest.mark.parametrize("has_initial", [False, True])
@pytest.mark.parametrize(("batch", "time"), [(3, 6), (1, 1), (2, 40)])
def test_states_and_gradients(batch: int, time: int, has_initial: bool) -> None:
    inputs = torch.randn(batch, time, 5, dtype=torch.float64, requires_grad=True)
    initial = torch.randn(1, batch, 4, dtype=torch.float64, requires_grad=True) if has_initial else None
    ours, theirs = _pair()
    for mine, other in zip(_results(ours, inputs, initial), _results(theirs, inputs, initial), strict=True):
        torch.testing.assert_close(mine, other)


def test_without_gradients_it_is_torchs_own() -> None:
    ours, theirs = _pair(torch.float32)
    inputs = torch.randn(3, 6, 5)
    with torch.inference_mode():
        torch.testing.assert_close(ours(inputs)[0], theirs(inputs)[0], rtol=0.0, atol=0.0)
    torch.testing.assert_close(ours(inputs)[0].detach(), theirs(inputs)[0].detach())


def test_mixed_precision_is_torchs_own() -> None:
    ours, theirs = _pair(torch.float32)
    inputs = torch.randn(3, 6, 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(ours(inputs)[0], theirs(inputs)[0])
