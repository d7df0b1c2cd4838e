"""One-to-many: recipes of tasks that write a text from one thing, a picture or a set of attributes."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from seqtasks.recipe.blocks import (
    AttributeInputBlock,
    AttributesBlock,
    Block,
    DatasetBlock,
    DecoderHeadBlock,
    DecodingBlock,
    Name,
    PictureInputBlock,
    SamplingBlock,
    Size,
    TextScoresBlock,
    TokenizerBlock,
    TokenName,
    TrainBlock,
)
from seqtasks.recipe.recipes.attention import attention_conflicts


class CaptioningColumns(Block):
    image: Name = "image"
    caption: Name = "caption"


class CaptioningDataset(DatasetBlock):
    columns: CaptioningColumns = CaptioningColumns()


class CaptioningRecipe(Block):
    """One-to-many: a picture in, a text out."""

    task: Literal["captioning"]
    dataset: CaptioningDataset
    tokenizer: TokenizerBlock = TokenizerBlock()
    input: PictureInputBlock = PictureInputBlock()
    head: DecoderHeadBlock = DecoderHeadBlock()
    decoding: DecodingBlock = DecodingBlock()
    scores: TextScoresBlock = TextScoresBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """A region's vector is the size of the states; a single vector is no choice."""
        if self.input.features is not None and self.head.attention is not None:
            yield (
                "head.attention",
                "input.features gives one vector a picture, and attention chooses among several; null",
            )
        yield from attention_conflicts(self.head, self.input.states_size)


class DescriptionColumns(Block):
    attributes: Name = "attributes"
    description: Name = "description"


class DescriptionDataset(DatasetBlock):
    columns: DescriptionColumns = DescriptionColumns()


class DescriptionRecipe(Block):
    """One-to-many: attributes in, a text that says them out."""

    task: Literal["description"]
    dataset: DescriptionDataset
    attributes: AttributesBlock = AttributesBlock()
    tokenizer: TokenizerBlock = TokenizerBlock()
    input: AttributeInputBlock = AttributeInputBlock()
    head: DecoderHeadBlock = DecoderHeadBlock()
    decoding: DecodingBlock = DecodingBlock()
    scores: TextScoresBlock = TextScoresBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """An attribute's vector is the size of the states."""
        return attention_conflicts(self.head, self.input.embedding_size)


class MusicColumns(Block):
    attributes: Name = "attributes"
    tune: Name = "tune"


class MusicDataset(DatasetBlock):
    columns: MusicColumns = MusicColumns()


class MusicTokenizer(TokenizerBlock):
    """Characters: in ABC notation nearly every one is a note, a length or a bar."""

    model: TokenName = Field(default="character", description="what a token is")


class TuneDecoding(SamplingBlock):
    """Tunes are longer than sentences."""

    max_length: Size = Field(default=600, description="tokens, the end token included")


class MusicRecipe(Block):
    """One-to-many: style, metre and key in, a tune in ABC notation out."""

    task: Literal["music"]
    dataset: MusicDataset
    attributes: AttributesBlock = AttributesBlock()
    tokenizer: MusicTokenizer = MusicTokenizer()
    input: AttributeInputBlock = AttributeInputBlock()
    head: DecoderHeadBlock = DecoderHeadBlock()
    decoding: TuneDecoding = TuneDecoding()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """An attribute's vector is the size of the states."""
        return attention_conflicts(self.head, self.input.embedding_size)
