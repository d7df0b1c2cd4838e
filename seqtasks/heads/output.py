"""`HeadOutput`: what every head returns, and the loss that the heads for labels and texts share."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from seqtasks.backbone import IGNORE_INDEX, State


@dataclass(frozen=True)
class HeadOutput:
    """Logits and the loss.

    Losses are summed, never averaged: the training loop divides by the number of targets in the whole
    accumulation window, so how a batch is split does not change the gradient.

    Attributes:
        logits: `(batch, labels)` or `(batch, time, labels)`; of a regression the numbers `(batch, numbers)`; empty
            where a vocabulary is trained, whose logits are too large to be kept.
        loss_sum: summed over targets, in nats; None without targets.
        count: number of targets, a scalar; None without targets.
        attention: weights of a decoder `(batch, target_time, time)`, each row summing to 1.
        state: the backbone's state after the last step, where windows of a stream are read one after the other.
    """

    logits: Tensor
    loss_sum: Tensor | None = None
    count: Tensor | None = None
    attention: Tensor | None = None
    state: State | None = None


def score_targets(
    logits: Tensor, targets: Tensor | None, *, label_smoothing: float = 0.0, attention: Tensor | None = None
) -> HeadOutput:
    """Cross-entropy of logits `(..., labels)` against `targets` `(...)`, those at `IGNORE_INDEX` left out.

    Args:
        logits: unnormalised scores.
        targets: label or token ids; None: only the logits are wanted.
        label_smoothing: weight of the uniform distribution (Szegedy et al. 2016, arXiv:1512.00567).
        attention: handed on.
    """
    if targets is None:
        return HeadOutput(logits, attention=attention)
    loss = F.cross_entropy(
        logits.flatten(0, -2),
        targets.flatten(),
        ignore_index=IGNORE_INDEX,
        reduction="sum",
        label_smoothing=label_smoothing,
    )
    return HeadOutput(logits, loss, (targets != IGNORE_INDEX).sum(), attention)
