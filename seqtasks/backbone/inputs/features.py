"""Pictures that another network has made vectors of."""

import torch
from torch import Tensor, nn

from seqtasks.backbone.batch import Features
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding


class FeatureInput(nn.Module):
    """A vector for each picture, as it comes: all that is known of it, and its only region (Vinyals et al. 2015).

    Args:
        num_features: numbers in a vector.
        dropout: on the vector.
    """

    def __init__(self, num_features: int, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.output_size = self.final_size = num_features
        self.dropout = Dropout(dropout)

    def forward(self, features: Features) -> Encoding:
        """States `(batch, 1, num_features)`, and the same as `final` `(1, batch, num_features)`."""
        values: Tensor = self.dropout(features.values)
        return Encoding(values[:, None], values[None], torch.ones(len(values), dtype=torch.long, device=values.device))
