"""A linear recurrence over time, h_t = a_t h_{t-1} + b_t, and its gradient.

    dL/db_t = g_t = dL/dh_t + a_{t+1} g_{t+1}        the same recurrence, from the last step to the first
    dL/da_t = g_t h_{t-1}

There are two ways through time. `loop` does the least work, one fused operation a step, and is the faster one on a
CPU. `doubling` joins neighbouring stretches of steps, (a', b') after (a, b) being (a' a, a' b + b'), over distances 1,
2, 4, ... (Hillis and Steele 1986; Martin and Cundy 2018, arXiv:1709.04057): log2(time) passes, each over all steps at
once, as a GPU wants it.
"""

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx, once_differentiable


def linear_scan(a: Tensor, b: Tensor, initial: Tensor) -> Tensor:
    """All states of h_t = a_t h_{t-1} + b_t; can be differentiated once.

    Args:
        a: share of the state that is kept, `(time, batch, hidden)`; at most 1 in size, or states may grow without end.
        b: what is added, `(time, batch, hidden)`.
        initial: the state before the first step, `(batch, hidden)`.

    Returns:
        The states after each step, `(time, batch, hidden)`.
    """
    return _LinearScan.apply(a, b, initial)


def loop(a: Tensor, b: Tensor, state: Tensor, *, out: Tensor, reverse: bool = False) -> None:
    """Write the states to `out` `(time, batch, hidden)` step by step; `reverse`: from the last step to the first."""
    steps = (a.unbind(), b.unbind(), out.unbind())
    for a_t, b_t, out_t in zip(*(parts[::-1] if reverse else parts for parts in steps), strict=True):
        state = torch.addcmul(b_t, a_t, state, out=out_t)


def doubling(a: Tensor, b: Tensor, state: Tensor, *, out: Tensor, reverse: bool = False) -> None:
    """What `loop` does, in log2(time) passes over all steps."""
    if reverse:
        a, b = a.flip(0), b.flip(0)
    b = torch.cat([torch.addcmul(b[:1], a[:1], state), b[1:]])
    distance = 1
    while distance < len(b):
        # Now (a_t, b_t) stand for the last `distance` steps up to t; after this for twice as many.
        b = torch.cat([b[:distance], torch.addcmul(b[distance:], a[distance:], b[:-distance])])
        a = torch.cat([a[:distance], a[distance:] * a[:-distance]])
        distance *= 2
    out.copy_(b.flip(0) if reverse else b)


class _LinearScan(torch.autograd.Function):
    """Keeps coefficients and states for the backward pass, and nothing of the single steps."""

    @staticmethod
    def forward(ctx: FunctionCtx, a: Tensor, b: Tensor, initial: Tensor) -> Tensor:
        states = torch.empty_like(b)
        (doubling if a.is_cuda else loop)(a, b, initial, out=states)
        ctx.save_for_backward(a, states, initial)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, grad_states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        a, states, initial = ctx.saved_tensors  # type: ignore[attr-defined]
        grad_b = torch.empty_like(states)
        grad_b[-1] = grad_states[-1]
        (doubling if a.is_cuda else loop)(a[1:], grad_states[:-1], grad_b[-1], out=grad_b[:-1], reverse=True)
        grad_a = torch.empty_like(a)
        torch.mul(grad_b[0], initial, out=grad_a[0])
        torch.mul(grad_b[1:], states[:-1], out=grad_a[1:])
        return grad_a, grad_b, a[0] * grad_b[0]
