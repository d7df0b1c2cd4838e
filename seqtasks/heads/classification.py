"""One label for a whole sequence: many-to-one."""

from typing import Literal

import torch
from torch import Tensor, nn

from seqtasks.backbone import Encoding, real_steps
from seqtasks.heads.output import HeadOutput, score_targets


class ClassificationHead(nn.Module):
    """Pool the states to one vector and score the labels.

    Args:
        input_size: of a state.
        num_labels: labels to choose from.
        pooling: `final` takes each direction's state after its last real step, `mean` and `max` run over real
            steps, `attention` weighs them by a learned score (Yang et al. 2016).
        dropout: on the pooled vector.
        label_smoothing: in training only.

    Example:
        >>> head = ClassificationHead(4, 2)
        >>> states = Encoding(torch.zeros(3, 5, 4), torch.zeros(1, 3, 4), torch.tensor([5, 4, 1]))
        >>> head(states, torch.tensor([0, 1, 1])).logits.shape
        torch.Size([3, 2])
    """

    def __init__(
        self,
        input_size: int,
        num_labels: int,
        *,
        pooling: Literal["final", "mean", "max", "attention"] = "final",
        dropout: float = 0.0,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        self.pooling = pooling
        self.label_smoothing = label_smoothing
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(input_size, num_labels)
        if pooling == "attention":
            self.score = nn.Linear(input_size, 1)

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Score the labels.

        Args:
            encoding: of the sequences.
            targets: label ids `(batch,)`, or `IGNORE_INDEX`.

        Returns:
            Logits `(batch, num_labels)`.
        """
        logits = self.output(self.dropout(self._pool(encoding)))
        return score_targets(logits, targets, label_smoothing=self.label_smoothing if self.training else 0.0)

    def _pool(self, encoding: Encoding) -> Tensor:
        if self.pooling == "final":
            return encoding.final[-1]
        if self.pooling == "mean":
            return encoding.states.sum(1) / encoding.lengths[:, None]
        padding = ~real_steps(encoding.lengths, encoding.states.shape[1])[..., None]
        if self.pooling == "max":
            return encoding.states.masked_fill(padding, -torch.inf).amax(1)
        weights = self.score(encoding.states).masked_fill(padding, -torch.inf).softmax(1)
        return (weights * encoding.states).sum(1)
