"""Blocks of inputs: what is read, to vectors."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks.base import Block, Probability, Size


class CharactersBlock(Block):
    """Features of a word read from its spelling; they are what recognises unknown words."""

    encoder: Literal["cnn", "rnn"] = Field(
        default="rnn", description="a bidirectional LSTM or a convolution over the letters"
    )
    embedding_size: Size = Field(default=32, description="numbers in a letter's vector")
    hidden_size: Size = Field(default=64, description="numbers that a word's spelling becomes")
    dropout: Probability = Field(default=0.0, description="on the letters' vectors")

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Two directions share the size."""
        if self.encoder == "rnn" and self.hidden_size % 2:
            yield "hidden_size", f"{self.hidden_size} is odd, and two directions share it; use an even number"


class TokenInputBlock(Block):
    """Token ids to vectors."""

    embedding_size: Size = Field(default=128, description="numbers in a token's vector")
    dropout: Probability = Field(default=0.0, description="on the vectors")
    word_dropout: Probability = Field(default=0.0, description="share of words made unknown in training")


class WordInputBlock(TokenInputBlock):
    """Words to vectors, which may start from some that were trained elsewhere."""

    vectors: str | None = Field(
        default=None, description="word vectors to start from: a file (GloVe text, Parquet, safetensors) or a data set"
    )


class TaggerInputBlock(WordInputBlock):
    """Words to vectors, with or without their spelling and what else is known of them."""

    characters: CharactersBlock | None = None
    factor_size: Size = Field(
        default=32, description="numbers in the vector of each further column of dataset.columns.tokens"
    )


class ImageInputBlock(Block):
    """Pictures to vectors: a small convolutional network, one stage per entry of `channels`."""

    size: Annotated[int, Field(ge=8)] = Field(default=48, description="pictures are scaled to size x size pixels")
    color: bool = Field(default=False, description="three channels instead of one")
    channels: list[Size] = Field(
        default=[32, 64, 128, 256], min_length=1, description="feature maps of each stage; a stage halves the picture"
    )
    dropout: Probability = Field(default=0.0, description="on the vectors of regions")
    jitter: Probability = Field(default=0.0, description="share of the size by which training pictures move at random")


class PictureInputBlock(ImageInputBlock):
    """Pictures, or vectors that another network has made of them, to vectors."""

    features: Size | None = Field(
        default=None, description="numbers of the vectors that the column holds instead of pictures; null: pictures"
    )

    @property
    def states_size(self) -> int:
        """Units of a region's vector."""
        return self.features or self.channels[-1]

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Vectors have no pixels."""
        for name in ("size", "color", "channels", "jitter"):
            if self.features is not None and getattr(self, name) != type(self).model_fields[name].default:
                yield name, "is about pixels, and input.features says that there are vectors instead; leave it out"


class FrameInputBlock(Block):
    """Frames of numbers to vectors; each feature is brought to mean 0 and deviation 1 over the training rows."""

    projection_size: Size | None = Field(default=None, description="of a linear layer with ReLU; null: none")
    noise: Annotated[float, Field(ge=0.0)] = Field(default=0.0, description="deviation of noise added in training")
    dropout: Probability = Field(default=0.0, description="on the vectors")


class AttributeInputBlock(Block):
    """A set of attributes to vectors."""

    embedding_size: Size = Field(default=64, description="numbers in an attribute's vector")
    dropout: Probability = Field(default=0.0, description="on the vectors")
