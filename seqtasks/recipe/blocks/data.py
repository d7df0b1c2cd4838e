"""Blocks about data: where rows come from, and how they become tokens, attributes or windows."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from seqtasks.recipe.blocks.base import Block, Count, Name, Size, TokenName


class SplitBlock(Block):
    """Which split plays which role, in `load_dataset`'s notation (`train[:90%]`)."""

    train: Name = Field(default="train", description="rows to learn from; vocabulary and labels come from them")
    validation: Name | None = Field(
        default="validation", description="null: hold out `validation_fraction` of the training rows"
    )
    test: Name = Field(default="test", description="rows to score, once, at the end")


class DatasetBlock(Block):
    """Where the rows come from: a catalog set, a Hub id, or a folder or files on disk."""

    path: Name = Field(
        description="catalog/NAME, a Hub id, a folder, or csv, json, parquet, text, conllu with data_files"
    )
    name: Name | None = Field(default=None, description="the configuration of the data set, such as a language")
    data_files: Name | list[Name] | dict[str, Name | list[Name]] | None = Field(
        default=None, description="files or patterns, or those of each split"
    )
    revision: Name | None = Field(default=None, description="a branch, tag or commit on the Hub")
    streaming: bool = Field(default=False, description="read rows from the Hub without downloading the whole set first")
    split: SplitBlock = SplitBlock()
    validation_fraction: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        default=0.1, description="share of the training rows held out where `split.validation` is null"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """A file format without files, a fraction of nothing."""
        if self.path in ("csv", "json", "parquet", "text", "conllu") and not self.data_files:
            yield "data_files", f'path is "{self.path}", a file format, which needs files; list them in data_files'
        fraction = type(self).model_fields["validation_fraction"].default
        if self.split.validation is not None and self.validation_fraction != fraction:
            yield "validation_fraction", "without effect beside a validation split; set split.validation to null"


class FrameDatasetBlock(DatasetBlock):
    """A data set of recordings: lists of frames, or sounds."""

    sampling_rate: Size = Field(
        default=16_000, description="to which sounds are brought, in Hz; frames stay as they are"
    )


class TokenizerBlock(Block):
    """How text becomes token ids; fitted on the training rows."""

    model: TokenName = Field(
        default="word", description="what a token is; word splits off punctuation, whitespace splits at spaces alone"
    )
    vocab_size: Annotated[Size, Field(ge=8)] = Field(
        default=30_000, description="tokens at most, special ones included"
    )
    min_frequency: Count = Field(default=2, description="rarer tokens stay out of the vocabulary")
    lowercase: bool = Field(default=False, description="the text, before it is cut into tokens")
    max_length: Count | None = Field(default=None, description="longer texts are cut here; null: never")


class WordsBlock(Block):
    """The word vocabulary of a tagger, whose rows are split into words already."""

    vocab_size: Annotated[Size, Field(ge=8)] = Field(default=50_000, description="words at most")
    min_frequency: Count = Field(default=2, description="rarer words stay out of the vocabulary")
    lowercase: bool = Field(default=False, description="words only; their spelling keeps its case")


class AttributesBlock(Block):
    """The attributes that describe what is to be written, such as `food=Italian`."""

    min_frequency: Count = Field(default=1, description="rarer attributes count as unknown")
    delexicalize: list[Name] = Field(
        default=[], description="attributes whose values the model copies instead of spelling them, such as names"
    )


class StreamBlock(Block):
    """How a long text is cut for training."""

    bptt_steps: Size = Field(default=64, description="tokens that errors are sent back; states are carried on")


class ForecastBlock(Block):
    """What is forecast from what; lengths are in time steps."""

    context_length: Size = Field(default=48, description="steps that are read")
    prediction_length: Size = Field(default=12, description="steps that are forecast")
    season_length: Size = Field(default=1, description="steps of a season, such as 24 hours; for baseline and MASE")
    difference: Size | None = Field(
        default=None, description="read and forecast changes over so many steps: 1 from step to step, 24 day to day"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Changes that would reach back further than what is read."""
        if self.difference and self.difference >= self.context_length:
            yield "difference", f"{self.difference} steps reach back over all of context_length; shorten one of them"
