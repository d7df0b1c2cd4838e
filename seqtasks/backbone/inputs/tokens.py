"""Token ids to vectors."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from seqtasks.backbone.batch import Tokens
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.inputs.characters import CharacterFeatures


class TokenInput(nn.Module):
    """Token ids to vectors, with or without features of their spelling and factors such as their part of speech.

    Args:
        vocab_size: number of ids.
        embedding_size: of a token.
        dropout: on the resulting vectors.
        word_dropout: share of tokens that are replaced by `unknown_id` in training, so that the vector of an
            unknown word is learned.
        vectors: of tokens, trained elsewhere, that training starts from, `(vocab_size, embedding_size)`; a row of NaN
            stands for a token without one, which is drawn on their scale.
        characters: reads the spelling; its vectors are put beside the tokens' own.
        factor_vocab_sizes: number of ids of each factor; their vectors are put beside the tokens' own (Sennrich and
            Haddow 2016, arXiv:1606.02892).
        factor_size: of the vector of a factor.
        padding_id: its vector stays zero.
        unknown_id: the unknown token, and the unknown value of a factor, whose vector stays zero.

    Raises:
        ValueError: vectors of another shape.
    """

    def __init__(
        self,
        vocab_size: int,
        *,
        embedding_size: int = 128,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        vectors: Tensor | None = None,
        characters: CharacterFeatures | None = None,
        factor_vocab_sizes: Sequence[int] = (),
        factor_size: int = 32,
        padding_id: int = 0,
        unknown_id: int = 1,
    ) -> None:
        super().__init__()
        spelled_size = characters.output_size if characters else 0
        self.output_size = embedding_size + spelled_size + len(factor_vocab_sizes) * factor_size
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=padding_id)
        nn.init.normal_(self.embedding.weight, std=embedding_size**-0.5)
        if vectors is not None:
            self._start_from(vectors)
        nn.init.zeros_(self.embedding.weight.data[padding_id])
        self.characters = characters
        factors = [nn.Embedding(size, factor_size) for size in factor_vocab_sizes]
        for factor in factors:
            nn.init.normal_(factor.weight, std=factor_size**-0.5)
            factor.weight.data[[padding_id, unknown_id]] = 0.0
        self.factors = nn.ModuleList(factors)
        self.dropout = Dropout(dropout)
        self.word_dropout = word_dropout
        self.unknown_id = unknown_id

    @torch.no_grad()
    def _start_from(self, vectors: Tensor) -> None:
        weight = self.embedding.weight
        if vectors.shape != weight.shape:
            raise ValueError(
                f"vectors: shape {tuple(vectors.shape)} was given; expected {tuple(weight.shape)}, a vector for each id"
            )
        known = ~vectors.isnan().any(dim=-1)
        if known.any():
            weight.mul_(vectors[known].square().mean().sqrt() / weight.square().mean().sqrt())
            weight[known] = vectors[known].to(weight)

    def forward(self, tokens: Tokens) -> Tensor:
        """Vectors `(batch, time, output_size)`."""
        ids = tokens.ids
        if self.training and self.word_dropout > 0.0:
            dropped = torch.rand(ids.shape, device=ids.device) < self.word_dropout
            ids = ids.masked_fill(dropped & (ids != self.embedding.padding_idx), self.unknown_id)
        vectors = self.embedding(ids)
        if self.characters is not None and tokens.characters is not None:
            vectors = torch.cat([vectors, self.characters(tokens.characters)], dim=-1)
        if tokens.factors is not None:
            factors = zip(self.factors, tokens.factors.unbind(-1), strict=True)
            vectors = torch.cat([vectors, *(embedding(values) for embedding, values in factors)], dim=-1)
        return self.dropout(vectors)
