"""One label for each step: many-to-many of the same length."""

from torch import Tensor, nn

from seqtasks.backbone import Dropout, Encoding
from seqtasks.heads.output import HeadOutput, score_targets


class TaggingHead(nn.Module):
    """Score the labels of every step independently.

    Args:
        input_size: of a state.
        num_labels: labels to choose from.
        dropout: on the states.
        label_smoothing: in training only.
    """

    def __init__(self, input_size: int, num_labels: int, *, dropout: float = 0.0, label_smoothing: float = 0.0) -> None:
        super().__init__()
        self.label_smoothing = label_smoothing
        self.dropout = Dropout(dropout)
        self.output = nn.Linear(input_size, num_labels)

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Score the labels.

        Args:
            encoding: of the sequences.
            targets: label ids `(batch, time)`, `IGNORE_INDEX` at padding.

        Returns:
            Logits `(batch, time, num_labels)`.
        """
        logits = self.output(self.dropout(encoding.states))
        return score_targets(logits, targets, label_smoothing=self.label_smoothing if self.training else 0.0)

    @staticmethod
    def marginals(logits: Tensor, lengths: Tensor) -> Tensor:
        """Probability of each label at each step, `(batch, time, num_labels)`; what stands at padding means nothing."""
        return logits.softmax(-1)

    @staticmethod
    def best_labels(logits: Tensor, lengths: Tensor) -> list[list[int]]:
        """The most probable label of each step, for logits `(batch, time, num_labels)` and lengths `(batch,)`."""
        rows = zip(logits.argmax(-1).tolist(), lengths.tolist(), strict=True)
        return [labels[:length] for labels, length in rows]
