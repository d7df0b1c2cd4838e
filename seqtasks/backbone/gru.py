"""torch's GRU with a training step of its own on a CPU.

torch trains a GRU there by automatic differentiation of each step, which adds up the gradient of the recurrent weights
step by step and joins its pieces by copying. Here a step back is four operations, and that gradient is one product over
all steps in the end, which is faster, the more so the longer the sequences and the smaller the batches
(`benchmarks/cells.py`).

    r, z = sigmoid(x_rz + U_rz h + b_rz)
    n    = tanh(x_n + r q),  q = U_n h + b_n
    h'   = n + z (h - n)                                Cho et al. 2014, arXiv:1406.1078, with torch's reset gate
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F


class GRU(nn.GRU):
    """One layer in one direction, batch first. Arguments and weights are those of `nn.GRU`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, batch_first=True)

    def forward(self, inputs: Tensor, initial: Tensor | None = None) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """Read sequences.

        Args:
            inputs: `(batch, time, input_size)`.
            initial: the state before the first step, `(1, batch, hidden_size)`; None: zeros.

        Returns:
            All states `(batch, time, hidden_size)`, and the last one `(1, batch, hidden_size)`.
        """
        if not torch.is_grad_enabled() or inputs.device.type != "cpu" or torch.is_autocast_enabled("cpu"):
            return super().forward(inputs, initial)
        # As attributes: in `functional_call` the weights are tensors, not parameters.
        weight_ih, weight_hh, bias_ih, bias_hh = (
            getattr(self, name) for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        )
        projected = F.linear(inputs.transpose(0, 1), weight_ih, bias_ih)
        start = inputs.new_zeros(len(inputs), self.hidden_size) if initial is None else initial[0]
        states = _Recurrence.apply(projected, start, weight_hh, bias_hh)
        return states.transpose(0, 1), states[-1:]


class _Recurrence(torch.autograd.Function):
    """What is left of a GRU when its inputs are multiplied; time comes first."""

    @staticmethod
    def forward(ctx: Any, projected: Tensor, start: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """States `(time, batch, hidden)` of projected inputs `(time, batch, 3 hidden)`: reset, update, new."""
        time, batch, hidden = *projected.shape[:2], start.shape[-1]
        states = projected.new_empty(time + 1, batch, hidden)
        states[0] = start
        gates, recurrent = torch.empty_like(projected), projected.new_empty(time, batch, hidden)
        # Products with a matrix that lies in their order are faster than with its transposed view.
        weight_rz, weight_n = (part.t().contiguous() for part in weight.split([2 * hidden, hidden]))
        bias_rz, bias_n = bias.split([2 * hidden, hidden])
        inputs_rz, inputs_n = projected.split([2 * hidden, hidden], dim=-1)
        inputs_rz = inputs_rz + bias_rz
        sums = projected.new_empty(batch, 2 * hidden)
        for step in range(time):
            gates_rz, new, before = gates[step, :, : 2 * hidden], gates[step, :, 2 * hidden :], states[step]
            torch.addmm(inputs_rz[step], before, weight_rz, out=sums)
            torch.sigmoid(sums, out=gates_rz)
            torch.addmm(bias_n, before, weight_n, out=recurrent[step])
            torch.addcmul(inputs_n[step], gates_rz[:, :hidden], recurrent[step], out=new).tanh_()
            torch.lerp(new, before, gates_rz[:, hidden:], out=states[step + 1])
        ctx.save_for_backward(states, gates, recurrent, weight)
        return states[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor, ...]:
        """Gradients of the projected inputs, the first state, the recurrent weights and their bias."""
        states, gates, recurrent, weight = ctx.saved_tensors
        time, batch, hidden = recurrent.shape
        reset, update, new = gates.split(hidden, dim=-1)
        # By what dL/dh' is multiplied to reach n, and U h + b of the three gates: known without the recurrence.
        to_new = (1 - new * new).mul_(1 - update)
        factors = gates.new_empty(time, batch, 3, hidden)
        to_reset, to_update, to_recurrent = factors.unbind(2)
        torch.mul(to_new, reset, out=to_recurrent)
        torch.mul(to_recurrent, recurrent, out=to_reset).mul_(1 - reset)
        torch.sub(states[:-1], new, out=to_update).mul_(update).mul_(1 - update)
        found, at_states = torch.empty_like(factors), torch.empty_like(recurrent)
        at_gates = found.view(time, batch, 3 * hidden)
        at_before = torch.zeros_like(at_states[0])
        for step in reversed(range(time)):
            at_state = torch.add(at_before, grad_outputs[0][step], out=at_states[step])
            torch.mul(at_state.unsqueeze(1), factors[step], out=found[step])
            at_before = torch.addmm(at_state * update[step], at_gates[step], weight)
        flat = at_gates.view(time * batch, 3 * hidden)
        at_weight, at_bias = flat.t() @ states[:-1].reshape(time * batch, hidden), flat.sum(0)
        # The inputs of r and z are added where U h + b is; that of n is not multiplied by r.
        at_gates[..., 2 * hidden :] = at_states.mul_(to_new)
        return at_gates, at_before, at_weight, at_bias
