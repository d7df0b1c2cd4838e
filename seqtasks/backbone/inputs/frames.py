"""Feature vectors as they come: one a step."""

from torch import Tensor, nn

from seqtasks.backbone.batch import Frames
from seqtasks.backbone.dropout import Dropout


class FrameInput(nn.Module):
    """Frames of numbers to vectors.

    Args:
        num_features: of a frame.
        projection_size: frames pass through a linear layer and ReLU of this size first; None: they go in as they are.
        noise: in training, standard deviation of what is added to each number (standardised frames have 1).
        dropout: on the resulting vectors.
    """

    def __init__(
        self, num_features: int, *, projection_size: int | None = None, noise: float = 0.0, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.output_size = projection_size or num_features
        self.noise = noise
        self.project: nn.Module = nn.Identity()
        if projection_size is not None:
            self.project = nn.Sequential(nn.Linear(num_features, projection_size), nn.ReLU())
        self.dropout = Dropout(dropout)

    def forward(self, frames: Frames) -> Tensor:
        """Vectors `(batch, time, output_size)`."""
        values = frames.values
        if self.training and self.noise > 0.0:
            values = values + self.noise * values.new_empty(values.shape).normal_()
        return self.dropout(self.project(values))
