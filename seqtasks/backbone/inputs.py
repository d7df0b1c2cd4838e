"""Inputs: what turns a batch of tokens or pictures into vectors."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone.batch import Characters, Images, Tokens
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding
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


class TokenInput(nn.Module):
    """Token ids to vectors, with or without features of their spelling.

    Args:
        vocab_size: number of ids.
        embedding_size: of a token.
        dropout: on the resulting vectors.
        word_dropout: share of tokens that are replaced by `unknown_id` in training, so that the vector of an
            unknown word is learned.
        characters: reads the spelling; its vectors are put beside the tokens' own.
        padding_id: its vector stays zero.
        unknown_id: the unknown token.
    """

    def __init__(
        self,
        vocab_size: int,
        *,
        embedding_size: int = 128,
        dropout: float = 0.0,
        word_dropout: float = 0.0,
        characters: CharacterFeatures | None = None,
        padding_id: int = 0,
        unknown_id: int = 1,
    ) -> None:
        super().__init__()
        self.output_size = embedding_size + (characters.output_size if characters else 0)
        self.embedding = nn.Embedding(vocab_size, embedding_size, padding_idx=padding_id)
        nn.init.normal_(self.embedding.weight, std=embedding_size**-0.5)
        nn.init.zeros_(self.embedding.weight.data[padding_id])
        self.characters = characters
        self.dropout = Dropout(dropout)
        self.word_dropout = word_dropout
        self.unknown_id = unknown_id

    def forward(self, tokens: Tokens) -> Tensor:
        """Vectors `(batch, time, output_size)`."""
        ids = tokens.ids
        if self.training and self.word_dropout > 0.0:
            dropped = torch.rand(ids.shape, device=ids.device) < self.word_dropout
            ids = ids.masked_fill(dropped & (ids != self.embedding.padding_idx), self.unknown_id)
        vectors = self.embedding(ids)
        if self.characters is not None and tokens.characters is not None:
            vectors = torch.cat([vectors, self.characters(tokens.characters)], dim=-1)
        return self.dropout(vectors)


class ImageStage(nn.Module):
    """Halve a picture and look at it: x = f(x) with stride 2, then x + f(x); f is convolution, norm, ReLU.

    Args:
        inputs: feature maps that come in.
        outputs: feature maps that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.halve = self._convolution(inputs, outputs, stride=2)
        self.refine = self._convolution(outputs, outputs, stride=1)

    @staticmethod
    def _convolution(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
        convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, maps: Tensor) -> Tensor:
        """`(batch, inputs, height, width)` to `(batch, outputs, height / 2, width / 2)`, rounded up."""
        halved = self.halve(maps)
        return halved + self.refine(halved)


class ImageInput(nn.Module):
    """A small residual network (He et al. 2016, arXiv:1512.03385): pictures to one vector, and one a region.

    The regions, put in a row, are the picture's vector, so what stands where is kept; a decoder may also attend to
    them one by one (Xu et al. 2015, arXiv:1502.03044).

    Args:
        size: height and width of the pictures in pixels.
        color: three channels instead of one.
        channels: feature maps of each stage; the last is the size of a region's vector.
        dropout: on the regions' vectors.
        jitter: in training, pictures are shifted and zoomed at random by up to this share of their size.
    """

    def __init__(
        self,
        *,
        size: int = 48,
        color: bool = False,
        channels: Sequence[int] = (32, 64, 128, 256),
        dropout: float = 0.0,
        jitter: float = 0.0,
    ) -> None:
        super().__init__()
        widths = [3 if color else 1, *channels]
        self.size, self.jitter = size, jitter
        self.output_size = widths[-1]
        side = -(-size // 2 ** (len(widths) - 1))
        self.final_size = side * side * self.output_size
        self.stages = nn.Sequential(*(ImageStage(*pair) for pair in pairwise(widths)))
        self.dropout = nn.Dropout(dropout)

    def forward(self, images: Images) -> Encoding:
        """States `(batch, regions, output_size)`, and all of them in a row as `final` `(1, batch, final_size)`."""
        pixels = self._jittered(images.pixels) if self.training and self.jitter > 0.0 else images.pixels
        regions = self.dropout(self.stages(pixels).flatten(2).transpose(1, 2))
        lengths = torch.full(regions.shape[:1], regions.shape[1], device=regions.device)
        return Encoding(regions, regions.flatten(1)[None], lengths)

    def _jittered(self, pixels: Tensor) -> Tensor:
        """Each picture under its own zoom and shift; what comes in at the edges repeats the border."""
        zoom, right, down = (torch.rand(3, len(pixels), device=pixels.device) * 2 - 1) * self.jitter
        none = torch.zeros_like(zoom)
        rows = [torch.stack(row, dim=-1) for row in ((1 + zoom, none, 2 * right), (none, 1 + zoom, 2 * down))]
        grid = F.affine_grid(torch.stack(rows, dim=1), list(pixels.shape), align_corners=False)
        return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
