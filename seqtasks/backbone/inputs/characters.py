"""Words to vectors, read from their spelling."""

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone.batch import Characters
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.masking import real_steps
from seqtasks.backbone.rnn import RNN


class CharacterFeatures(nn.Module):
    """A vector for each word, read from its spelling.

    `rnn`: the two final states of a bidirectional LSTM over the characters (Ling et al. 2015,
    arXiv:1508.02096). `cnn`: the maximum over positions of a width-3 convolution (Ma and Hovy 2016,
    arXiv:1603.01354). Each distinct word of a batch is read once.

    Args:
        num_characters: size of the character vocabulary; id 0 is padding.
        encoder: `rnn` or `cnn`.
        embedding_size: of a character.
        hidden_size: of the resulting vector.
        dropout: on the character embeddings.
    """

    def __init__(
        self,
        num_characters: int,
        *,
        encoder: Literal["cnn", "rnn"] = "rnn",
        embedding_size: int = 32,
        hidden_size: int = 64,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.output_size = hidden_size
        self.embedding = nn.Embedding(num_characters, embedding_size, padding_idx=0)
        self.dropout = Dropout(dropout)
        self.encoder: nn.Module
        if encoder == "rnn":
            if hidden_size % 2:
                raise ValueError(f"characters: hidden_size {hidden_size} is odd; two directions need an even number")
            self.encoder = RNN(embedding_size, cell="lstm", hidden_size=hidden_size // 2, bidirectional=True)
        else:
            self.encoder = nn.Conv1d(embedding_size, hidden_size, kernel_size=3, padding=1)

    def forward(self, characters: Characters) -> Tensor:
        """Spellings to vectors `(batch, time, hidden_size)`."""
        embedded = self.dropout(self.embedding(characters.ids))
        if isinstance(self.encoder, RNN):
            words = self.encoder(embedded, characters.lengths).final[-1]
        else:
            real = real_steps(characters.lengths, embedded.shape[1])[..., None]
            # Padding is zeroed before and hidden after the convolution, so a word's vector is its own.
            convolved = self.encoder((embedded * real).transpose(1, 2)).transpose(1, 2)
            words = convolved.masked_fill(~real, float("-inf")).amax(1)
        return F.embedding(characters.words, words)
