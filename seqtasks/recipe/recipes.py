"""What a recipe may say: one class per task, told apart by the top-level `task`.

task            input        backbone   head                  the textbook's name
classification  TokenInput   RNN        ClassificationHead    many-to-one
tagging         TokenInput   RNN        TaggingHead           many-to-many, same length
captioning      ImageInput   -          DecoderHead           one-to-many
translation     TokenInput   RNN        DecoderHead           many-to-many, other length
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks import (
    AttentionName,
    BackboneBlock,
    Block,
    ClassificationHeadBlock,
    DatasetBlock,
    DecoderHeadBlock,
    DecodingBlock,
    ImageInputBlock,
    Name,
    TaggerInputBlock,
    TaggingHeadBlock,
    TextScoresBlock,
    TokenInputBlock,
    TokenizerBlock,
    TokenName,
    TrainBlock,
    WordsBlock,
)


def _attention_conflicts(head: DecoderHeadBlock, states_size: int) -> Iterator[tuple[str, str]]:
    """An attention that cannot compare the decoder's states with the input's, of `states_size` units."""
    if head.attention == "dot" and head.hidden_size != states_size:
        yield (
            "head.attention",
            f"dot compares vectors of one size, but head.hidden_size is {head.hidden_size} and the input's states have "
            f"{states_size} units; make them equal or use general",
        )
    if head.attention == "multihead" and states_size % head.num_heads:
        yield (
            "head.num_heads",
            f"{head.num_heads} heads cannot share the {states_size} units of the input's states evenly; use a divisor",
        )


class ClassificationColumns(Block):
    text: Name = "text"
    label: Name = "label"


class ClassificationDataset(DatasetBlock):
    columns: ClassificationColumns = ClassificationColumns()


class ClassificationRecipe(Block):
    """Many-to-one: a text in, one label out."""

    task: Literal["classification"]
    dataset: ClassificationDataset
    tokenizer: TokenizerBlock = TokenizerBlock()
    input: TokenInputBlock = TokenInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: ClassificationHeadBlock = ClassificationHeadBlock()
    train: TrainBlock = TrainBlock()


class TaggingColumns(Block):
    tokens: Name = "tokens"
    tags: Name = "tags"


class TaggingDataset(DatasetBlock):
    columns: TaggingColumns = TaggingColumns()


class TaggingRecipe(Block):
    """Many-to-many, same length: words in, one tag a word out."""

    task: Literal["tagging"]
    dataset: TaggingDataset
    tokenizer: WordsBlock = WordsBlock()
    input: TaggerInputBlock = TaggerInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: TaggingHeadBlock = TaggingHeadBlock()
    train: TrainBlock = TrainBlock()


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
    input: ImageInputBlock = ImageInputBlock()
    head: DecoderHeadBlock = DecoderHeadBlock()
    decoding: DecodingBlock = DecodingBlock()
    scores: TextScoresBlock = TextScoresBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """The last stage's feature maps are the size of the states."""
        return _attention_conflicts(self.head, self.input.channels[-1])


class TranslationColumns(Block):
    source: Name = "source"
    target: Name = "target"


class TranslationDataset(DatasetBlock):
    columns: TranslationColumns = TranslationColumns()


class TranslationTokenizer(TokenizerBlock):
    """Sub-words, so that names and rare words can be copied and spelled."""

    model: TokenName = Field(default="bpe", description="what a token is")
    vocab_size: Annotated[int, Field(ge=32)] = Field(default=8000, description="tokens at most, special ones included")


class TranslationBackbone(BackboneBlock):
    """An encoder that reads in both directions."""

    bidirectional: bool = Field(default=True, description="a second direction reads the sequence from its last token")


class TranslationHead(DecoderHeadBlock):
    """A decoder with attention."""

    attention: AttentionName | None = Field(
        default="general",
        description="how the decoder weighs the input's states; null: it sees their final state alone",
    )


class TranslationRecipe(Block):
    """Many-to-many, other length: a text in, another text out."""

    task: Literal["translation"]
    dataset: TranslationDataset
    tokenizer: TranslationTokenizer = TranslationTokenizer()
    input: TokenInputBlock = TokenInputBlock()
    backbone: TranslationBackbone = TranslationBackbone()
    head: TranslationHead = TranslationHead()
    decoding: DecodingBlock = DecodingBlock()
    scores: TextScoresBlock = TextScoresBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Both directions' units are the size of the states."""
        return _attention_conflicts(self.head, self.backbone.hidden_size * (1 + self.backbone.bidirectional))


Recipe = ClassificationRecipe | TaggingRecipe | CaptioningRecipe | TranslationRecipe
AnyRecipe = Annotated[Recipe, Field(discriminator="task")]
"""Any recipe; pydantic picks the class by the value of `task`."""
