"""Many-to-many of the same length: recipes of tasks with a label at each step, the next token among them."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks import (
    BackboneBlock,
    Block,
    DatasetBlock,
    FrameDatasetBlock,
    FrameInputBlock,
    LanguageModelHeadBlock,
    Name,
    SamplingBlock,
    StreamBlock,
    TaggerInputBlock,
    TaggingHeadBlock,
    TokenInputBlock,
    TokenizerBlock,
    TrainBlock,
    WordsBlock,
)


class TaggingColumns(Block):
    tokens: Name | Annotated[list[Name], Field(min_length=1)] = Field(
        default="tokens", description="words; or a list, words and what else is known of each, as [tokens, pos_tags]"
    )
    tags: Name = "tags"

    @property
    def factors(self) -> list[str]:
        """The columns beside the words."""
        return [] if isinstance(self.tokens, str) else self.tokens[1:]


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

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Vectors of factors that there are not."""
        default = TaggerInputBlock.model_fields["factor_size"].default
        if not self.dataset.columns.factors and self.input.factor_size != default:
            yield (
                "input.factor_size",
                "there is nothing beside the words; name further columns in dataset.columns.tokens, or leave it out",
            )


class FrameTaggingColumns(Block):
    frames: Name = "frames"
    tags: Name = "tags"


class FrameTaggingDataset(FrameDatasetBlock):
    columns: FrameTaggingColumns = FrameTaggingColumns()


class FrameTaggingRecipe(Block):
    """Many-to-many, same length: frames of a recording in, one tag a frame out."""

    task: Literal["frame_tagging"]
    dataset: FrameTaggingDataset
    input: FrameInputBlock = FrameInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: TaggingHeadBlock = TaggingHeadBlock()
    train: TrainBlock = TrainBlock()


class LanguageModelingColumns(Block):
    text: Name = "text"


class LanguageModelingDataset(DatasetBlock):
    columns: LanguageModelingColumns = LanguageModelingColumns()


class LanguageModelBackbone(BackboneBlock):
    """Reads forwards only: a language model must not see what it has to predict."""

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """A backward direction would read the answer."""
        yield from super().conflicts()
        if self.bidirectional:
            yield "bidirectional", "the backward direction would read the tokens to be predicted; set it to false"


class LanguageModelingRecipe(Block):
    """Many-to-many, same length: each token in, the next one out. The rows are one stream of text, in their order."""

    task: Literal["language_modeling"]
    dataset: LanguageModelingDataset
    tokenizer: TokenizerBlock = TokenizerBlock()
    stream: StreamBlock = StreamBlock()
    input: TokenInputBlock = TokenInputBlock()
    backbone: LanguageModelBackbone = LanguageModelBackbone()
    head: LanguageModelHeadBlock = LanguageModelHeadBlock()
    decoding: SamplingBlock = SamplingBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """A text is sampled, a batch holds at least one window, and nothing may be cut out of the stream."""
        if self.decoding.num_beams > 1:
            yield "decoding.num_beams", "the likeliest text repeats itself (Holtzman et al. 2020); set it to 1"
        if self.train.tokens_per_batch < self.stream.bptt_steps:
            yield (
                "train.tokens_per_batch",
                f"a window has stream.bptt_steps = {self.stream.bptt_steps} tokens; raise it",
            )
        if self.tokenizer.max_length is not None:
            yield "tokenizer.max_length", "the text is one stream, of which nothing is cut off; leave it out"
