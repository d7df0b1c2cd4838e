"""Numbers for a whole sequence: many-to-one, with a float where classification has a label."""

from typing import Literal

from torch import Tensor, nn

from seqtasks.backbone import Dropout, Encoding
from seqtasks.heads.output import HeadOutput
from seqtasks.heads.pooling import Pooling, PoolingName


class RegressionHead(nn.Module):
    """Pool the states to one vector and read numbers off it.

    Args:
        input_size: of a state.
        num_outputs: numbers to give.
        pooling: see `seqtasks.heads.pooling`.
        dropout: on the pooled vector.
        loss: `mse` squared error, `mae` absolute error, `huber` between the two (Huber 1964, with delta 1).
    """

    def __init__(
        self,
        input_size: int,
        num_outputs: int,
        *,
        pooling: PoolingName = "final",
        dropout: float = 0.0,
        loss: Literal["mse", "mae", "huber"] = "mse",
    ) -> None:
        super().__init__()
        self.pooling = Pooling(input_size, kind=pooling)
        self.dropout = Dropout(dropout)
        self.output = nn.Linear(input_size, num_outputs)
        self.loss = {"mse": nn.MSELoss, "mae": nn.L1Loss, "huber": nn.HuberLoss}[loss](reduction="sum")

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Give numbers.

        Args:
            encoding: of the sequences.
            targets: `(batch, num_outputs)`.

        Returns:
            The numbers as logits `(batch, num_outputs)`; the loss is summed over all of them.
        """
        numbers = self.output(self.dropout(self.pooling(encoding)))
        if targets is None:
            return HeadOutput(numbers)
        count = targets.new_tensor(targets.numel()).long()
        return HeadOutput(numbers, self.loss(numbers, targets), count)
