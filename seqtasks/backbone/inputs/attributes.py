"""A set of attributes, such as `food=Italian, area=riverside`, as one vector."""

from torch import nn

from seqtasks.backbone.batch import Tokens
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding


class AttributeInput(nn.Module):
    """Attribute ids to one vector: the sum of a vector for each, so their order does not matter.

    A decoder may also attend to the attributes one by one.

    Args:
        vocab_size: number of different attributes; id 0 is padding.
        embedding_size: of an attribute.
        dropout: on the vectors.
    """

    def __init__(self, vocab_size: int, *, embedding_size: int = 64, dropout: float = 0.0) -> None:
        super().__init__()
        self.output_size = self.final_size = embedding_size
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
        self.dropout = Dropout(dropout)

    def forward(self, attributes: Tokens) -> Encoding:
        """States `(batch, attributes, embedding_size)`, zero at padding, and their sum as `final`."""
        states = self.dropout(self.embedding(attributes.ids))
        return Encoding(states, states.sum(1)[None], attributes.lengths)
