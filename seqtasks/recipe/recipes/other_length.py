"""Many-to-many of other length: recipes of tasks that read a sequence and write another."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks import (
    AttentionName,
    BackboneBlock,
    Block,
    DatasetBlock,
    DecoderHeadBlock,
    DecodingBlock,
    Name,
    Probability,
    TextScoresBlock,
    TokenInputBlock,
    TokenizerBlock,
    TokenName,
    TrainBlock,
)
from seqtasks.recipe.recipes.attention import attention_conflicts


class TranslationColumns(Block):
    source: Name = "source"
    target: Name = "target"


class TranslationDataset(DatasetBlock):
    columns: TranslationColumns = TranslationColumns()


class TranslationTokenizer(TokenizerBlock):
    """Sub-words, so that names and rare words can be copied and spelled."""

    model: TokenName = Field(default="bpe", description="what a token is")
    vocab_size: Annotated[int, Field(ge=32)] = Field(default=8000, description="tokens at most, special ones included")
    dropout: Probability = Field(
        default=0.0, description="share of merges undone in training (after Provilkov et al. 2020)"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Only byte-pair encoding merges."""
        if self.dropout and self.model != "bpe":
            yield "dropout", f"undoes merges of bpe, and model is {self.model}; leave it out or use bpe"


class TranslationBackbone(BackboneBlock):
    """An encoder that reads in both directions."""

    bidirectional: bool = Field(default=True, description="a second direction reads the sequence from its last token")


class TranslationHead(DecoderHeadBlock):
    """A decoder with attention."""

    attention: AttentionName | None = Field(
        default="general",
        description="how the decoder weighs the input's states; null: it sees their final state alone",
    )


class TextToTextRecipe(Block):
    """What the recipes have in common that read a text and write another with one tokenizer."""

    task: str
    dataset: DatasetBlock
    tokenizer: TranslationTokenizer = TranslationTokenizer()
    input: TokenInputBlock = TokenInputBlock()
    backbone: TranslationBackbone = TranslationBackbone()
    head: TranslationHead = TranslationHead()
    decoding: DecodingBlock = DecodingBlock()
    scores: TextScoresBlock = TextScoresBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Both directions' units are the size of the states."""
        return attention_conflicts(self.head, self.backbone.hidden_size * (1 + self.backbone.bidirectional))


class TranslationRecipe(TextToTextRecipe):
    """Many-to-many, other length: a text in, another text out."""

    task: Literal["translation"]
    dataset: TranslationDataset


class ChatColumns(Block):
    utterance: Name = "utterance"
    reply: Name = "reply"


class ChatDataset(DatasetBlock):
    columns: ChatColumns = ChatColumns()


class ChatRecipe(TextToTextRecipe):
    """Many-to-many, other length: something said in, a reply out."""

    task: Literal["chat"]
    dataset: ChatDataset


class PronunciationColumns(Block):
    word: Name = "word"
    phonemes: Name = "phonemes"


class PronunciationDataset(DatasetBlock):
    columns: PronunciationColumns = PronunciationColumns()


class PronunciationRecipe(Block):
    """Many-to-many, other length: the letters of a word in, its phonemes out."""

    task: Literal["pronunciation"]
    dataset: PronunciationDataset
    input: TokenInputBlock = TokenInputBlock()
    backbone: TranslationBackbone = TranslationBackbone()
    head: TranslationHead = TranslationHead()
    decoding: DecodingBlock = DecodingBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Both directions' units are the size of the states."""
        return attention_conflicts(self.head, self.backbone.hidden_size * (1 + self.backbone.bidirectional))
