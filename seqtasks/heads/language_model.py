"""The next token after every step: a language model."""

from torch import Tensor, nn

from seqtasks.backbone import Dropout, Encoding
from seqtasks.heads.output import HeadOutput
from seqtasks.heads.vocabulary import score_vocabulary


class LanguageModelHead(nn.Module):
    """Score the vocabulary at every step.

    Args:
        input_size: of a state.
        embedding: of the input.
        tie_embeddings: the output layer's weights are the embeddings (Press and Wolf 2017, arXiv:1608.05859).
        dropout: on the states.
        variational_dropout: one mask for all steps.
        label_smoothing: in training only.
    """

    def __init__(
        self,
        input_size: int,
        embedding: nn.Embedding,
        *,
        tie_embeddings: bool = True,
        dropout: float = 0.0,
        variational_dropout: bool = False,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        vocab_size, embedding_size = embedding.weight.shape
        self.label_smoothing = label_smoothing
        self.dropout = Dropout(dropout, variational=variational_dropout)
        width = embedding_size if tie_embeddings else input_size
        self.project = nn.Identity() if width == input_size else nn.Linear(input_size, width, bias=False)
        self.output = nn.Linear(width, vocab_size)
        nn.init.zeros_(self.output.bias)
        if tie_embeddings:
            self.output.weight = embedding.weight

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Score the next token after each step.

        Args:
            encoding: of the tokens so far.
            targets: the tokens that follow, `(batch, time)`, `IGNORE_INDEX` at padding.

        Returns:
            Logits `(batch, time, vocab_size)`; with targets none in training.
        """
        return score_vocabulary(
            self.project(self.dropout(encoding.states)),
            self.output,
            targets,
            training=self.training,
            label_smoothing=self.label_smoothing,
        )
