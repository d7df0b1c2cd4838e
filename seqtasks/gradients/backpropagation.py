"""One recurrent layer, step by step back from its last state.

    L = v · h_T                                     v a random direction of length 1, another one for each row
    dL/ds_{t-1} = (ds_t / ds_{t-1})^T dL/ds_t       back-propagation through time (Werbos 1990)

s is all that the cell carries from step to step: h, and for an LSTM h and c, for its gradient travels along c. The
loss sees the last real state and nothing else, so every gradient further back has come through the recurrence alone; a
task's own loss may see other states directly (by pooling, attention or a target at each step). That of its gradient
which has to go through the recurrence shares this fate. Length 1 at distance 0 makes all lengths shares of the start.
"""

import torch
from torch import Tensor, nn

State = tuple[Tensor, ...]


def gradient_norms(layer: nn.Module, inputs: Tensor, lengths: Tensor, *, initial: State | None, seed: int) -> Tensor:
    """How long the gradient of the last state is at each step before it.

    Args:
        layer: called as `torch.nn.GRU(batch_first=True)` is.
        inputs: what it reads, `(batch, time, features)`.
        lengths: real steps of each row, `(batch,)`.
        initial: the state before the first step, each part `(1, batch, hidden)`; None: zeros.
        seed: of the directions.

    Returns:
        Norms of dL/ds_{T-d} in column d, `(batch, time)`: 1 in column 0, inf where they leave the range of
        numbers, and nan from `lengths` on.
    """
    steps = inputs.split(1, dim=1)
    states = _read(layer, steps, initial)
    last = lengths - 1
    direction = torch.randn(states[0][0].shape[1:], generator=torch.Generator().manual_seed(seed)).to(inputs)
    direction = direction / direction.norm(dim=-1, keepdim=True)
    gradient = tuple(torch.zeros_like(part) for part in states[0])
    norms = inputs.new_full(inputs.shape[:2], torch.nan)
    for time in reversed(range(len(steps))):
        begun = (last >= time)[:, None]
        # Rows start at their own last step; before that (in this loop) their gradient is zero and stays zero.
        gradient = (gradient[0] + direction * (last == time)[:, None], *gradient[1:])
        found = torch.cat(gradient, dim=-1).norm(dim=-1).view(-1, 1).nan_to_num(nan=torch.inf, posinf=torch.inf)
        distance = (last - time).clamp(min=0)[:, None]
        norms.scatter_(1, distance, torch.where(begun, found, norms.gather(1, distance)))
        if time > 0:
            gradient = _step_back(layer, steps[time], states[time - 1], gradient)
    return norms


@torch.no_grad()
def _read(layer: nn.Module, steps: tuple[Tensor, ...], initial: State | None) -> list[State]:
    """The state after each step."""
    states, state = [], initial
    for step in steps:
        _, after = layer(step, _given(state))
        state = after if isinstance(after, tuple) else (after,)
        states.append(state)
    return states


def _step_back(layer: nn.Module, step: Tensor, before: State, gradient: State) -> State:
    """From the gradient of the state after a step to that of the state before it."""
    before = tuple(part.detach().requires_grad_() for part in before)
    _, after = layer(step, _given(before))
    return torch.autograd.grad(after, before, gradient)


def _given(state: State | None) -> Tensor | State | None:
    """A state as torch's layers want it: a pair for an LSTM, else one tensor."""
    return state[0] if state is not None and len(state) == 1 else state
