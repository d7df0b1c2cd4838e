"""One label for a whole sequence: many-to-one."""

from torch import Tensor, nn

from seqtasks.backbone import Dropout, Encoding
from seqtasks.heads.output import HeadOutput, score_targets
from seqtasks.heads.pooling import Pooling, PoolingName


class ClassificationHead(nn.Module):
    """Pool the states to one vector and score the labels.

    Args:
        input_size: of a state.
        num_labels: labels to choose from.
        pooling: see `seqtasks.heads.pooling`.
        dropout: on the pooled vector.
        label_smoothing: in training only.

    Examples:
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
        pooling: PoolingName = "final",
        dropout: float = 0.0,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        self.pooling = Pooling(input_size, kind=pooling)
        self.label_smoothing = label_smoothing
        self.dropout = Dropout(dropout)
        self.output = nn.Linear(input_size, num_labels)

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Score the labels.

        Args:
            encoding: of the sequences.
            targets: label ids `(batch,)`, or `IGNORE_INDEX`.

        Returns:
            Logits `(batch, num_labels)`.
        """
        logits = self.output(self.dropout(self.pooling(encoding)))
        return score_targets(logits, targets, label_smoothing=self.label_smoothing if self.training else 0.0)
