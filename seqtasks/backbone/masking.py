"""Where real steps end: masks, and reversal within lengths."""

import torch
from torch import Tensor


def real_steps(lengths: Tensor, time: int) -> Tensor:
    """True at real steps, `(batch, time)`, for lengths `(batch,)`."""
    return torch.arange(time, device=lengths.device) < lengths[:, None]


class _Permute(torch.autograd.Function):
    """Rearrange steps by a permutation that is its own inverse; so is then its gradient.

    A plain gather would scatter-add in its backward pass, which is several times slower.
    """

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, steps: Tensor, order: Tensor) -> Tensor:
        ctx.save_for_backward(order)
        return steps.index_select(0, order)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *grad_outputs: Tensor) -> tuple[Tensor, None]:
        (order,) = ctx.saved_tensors  # type: ignore[attr-defined]
        return grad_outputs[0].index_select(0, order), None


def reversal(lengths: Tensor, time: int) -> Tensor:
    """The order `(batch * time,)` that reverses each row within its length and leaves its padding in place."""
    steps = torch.arange(time, device=lengths.device).expand(len(lengths), time)
    reversed_steps = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return (reversed_steps + torch.arange(len(lengths), device=lengths.device)[:, None] * time).reshape(-1)


def reverse(states: Tensor, order: Tensor) -> Tensor:
    """Apply `reversal` to states `(batch, time, features)`; applying it twice gives them back."""
    return _Permute.apply(states.reshape(-1, states.shape[-1]), order).view(states.shape)
