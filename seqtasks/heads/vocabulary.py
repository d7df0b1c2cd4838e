"""The output layer over a vocabulary together with its loss, which in training are one function.

Half of a text decoder's work lies here, and a good part of it in reading and writing arrays as large as targets times
vocabulary. The function computes logits, loss and gradients for some rows at a time, each array once and in place, and
keeps the gradients of the layer only: nothing as large as the vocabulary outlives the forward pass.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from seqtasks.backbone import IGNORE_INDEX
from seqtasks.heads.output import HeadOutput, score_targets

_LOGITS_AT_A_TIME = 1 << 23
"""32 MB in float32: smaller pieces make matrix products slower, larger ones nothing faster."""


def score_vocabulary(
    states: Tensor,
    output: nn.Linear,
    targets: Tensor | None,
    *,
    training: bool,
    label_smoothing: float = 0.0,
    attention: Tensor | None = None,
) -> HeadOutput:
    """Score every token of a vocabulary at every step.

    Args:
        states: `(batch, time, width)`.
        output: the layer from `width` to the vocabulary.
        targets: token ids `(batch, time)`, `IGNORE_INDEX` at padding; None: only the logits are wanted.
        training: only loss and gradient are wanted; the logits of the result are an empty tensor.
        label_smoothing: weight of the uniform distribution, in training only.
        attention: handed on.
    """
    if targets is None or not training:
        return score_targets(output(states), targets, attention=attention)
    known = targets != IGNORE_INDEX
    loss = _VocabularyLoss.apply(states[known], output.weight, output.bias, targets[known], label_smoothing)
    return HeadOutput(states.new_empty(0), loss, known.sum(), attention)


class _VocabularyLoss(torch.autograd.Function):
    """Cross-entropy, summed over rows, of a linear layer.

    loss = log sum exp(x) - (1 - s) x[target] - s mean(x)          x = W h + b, s the label smoothing
    dloss / dx = softmax(x) - (1 - s) onehot(target) - s / V
    """

    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        """Loss, and for the backward pass the gradients of states `(rows, width)`, weight and bias."""
        kind = states.device.type
        exact = torch.promote_types(states.dtype, torch.float32)
        precision = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else states.dtype
        loss = states.new_zeros((), dtype=exact)
        gradients = [torch.empty_like(states), torch.zeros_like(weight), torch.zeros_like(bias)]
        with torch.autocast(kind, enabled=False):
            layer = weight.to(precision), bias.to(precision)
            rows = max(1, _LOGITS_AT_A_TIME // len(weight))
            pieces = zip(states.split(rows), targets.split(rows), gradients[0].split(rows), strict=True)
            for piece, wanted, gradient in pieces:
                piece = piece.to(precision)
                logits = torch.addmm(layer[1], piece, layer[0].t()).to(exact)
                loss += _differentiate(logits, wanted[:, None], smoothing)
                logits_gradient = logits.to(precision)
                gradient.copy_(logits_gradient @ layer[0])
                gradients[1] += logits_gradient.t() @ piece
                gradients[2] += logits.sum(0)
        ctx.save_for_backward(*gradients)
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        """Scale what the forward pass has found."""
        states, weight, bias = (gradient * grad_outputs[0].to(gradient.dtype) for gradient in ctx.saved_tensors)
        return states, weight, bias, None, None


def _differentiate(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """The loss of logits `(rows, vocabulary)` against targets `(rows, 1)`; their gradient takes their place."""
    top = logits.amax(-1, keepdim=True)
    loss = top.sum() - (1.0 - smoothing) * logits.gather(1, targets).sum()
    if smoothing:
        loss -= smoothing * logits.mean(-1).sum()
    total = logits.sub_(top).exp_().sum(-1, keepdim=True)
    loss += total.log().sum()
    logits.div_(total)
    if smoothing:
        logits.sub_(smoothing / logits.shape[-1])
    logits.scatter_add_(1, targets, logits.new_full((), smoothing - 1.0).expand(targets.shape))
    return loss
