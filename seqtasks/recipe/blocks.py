"""The blocks that recipes are made of: each one is the settings of one part.

A block's field names and defaults are the keyword arguments of the part that it configures; a unit test
compares the two, so they cannot drift apart. Names follow the ecosystem: `dataset` takes what
`datasets.load_dataset` takes, `train` is named after transformers' `TrainingArguments`, `decoding` after
its `GenerationConfig`, and modules after `torch.nn`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Probability = Annotated[float, Field(ge=0.0, lt=1.0)]
"""A dropout rate or a smoothing weight: at least 0, below 1."""

Size = Annotated[int, Field(ge=1)]
"""A number of units, layers, tokens or steps: at least 1."""

Name = Annotated[str, Field(min_length=1)]
"""A text that names something, such as a column."""

CellName = Literal["rnn_tanh", "rnn_relu", "lstm", "gru"]
TokenName = Literal["word", "bpe", "character"]
AttentionName = Literal["dot", "general", "additive", "multihead"]


class Block(BaseModel):
    """Base of all blocks: immutable, unknown fields refused, no silent conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Settings that cannot stand together.

        Yields:
            the field to change, and the reason with what to do.
        """
        yield from ()

    @model_validator(mode="after")
    def _reject_conflicts(self) -> Self:
        found = list(self.conflicts())
        if found:
            text = "; ".join(f"{field}: {reason}" for field, reason in found)
            raise PydanticCustomError("conflict", "{text}", {"text": text, "found": found})
        return self


class SplitBlock(Block):
    """Which split plays which role, in `load_dataset`'s notation (`train[:90%]`)."""

    train: Name = "train"
    validation: Name | None = Field(
        default="validation", description="null: hold out `validation_fraction` of the training rows"
    )
    test: Name = "test"


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


class TokenizerBlock(Block):
    """How text becomes token ids; fitted on the training rows."""

    model: TokenName = Field(default="word", description="what a token is")
    vocab_size: Annotated[int, Field(ge=8)] = Field(default=30_000, description="tokens at most, special ones included")
    min_frequency: Size = Field(default=2, description="rarer tokens stay out of the vocabulary")
    lowercase: bool = False
    max_length: Size | None = Field(default=None, description="longer texts are cut here; null: never")


class WordsBlock(Block):
    """The word vocabulary of a tagger, whose rows are split into words already."""

    vocab_size: Annotated[int, Field(ge=8)] = Field(default=50_000, description="words at most")
    min_frequency: Size = Field(default=2, description="rarer words stay out of the vocabulary")
    lowercase: bool = False


class CharactersBlock(Block):
    """Features of a word read from its spelling; they are what recognises unknown words."""

    encoder: Literal["cnn", "rnn"] = "rnn"
    embedding_size: Size = 32
    hidden_size: Size = 64
    dropout: Probability = 0.0

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Two directions share the size."""
        if self.encoder == "rnn" and self.hidden_size % 2:
            yield "hidden_size", f"{self.hidden_size} is odd, and two directions share it; use an even number"


class TokenInputBlock(Block):
    """Token ids to vectors."""

    embedding_size: Size = 128
    dropout: Probability = 0.0
    word_dropout: Probability = Field(default=0.0, description="share of words made unknown in training")


class TaggerInputBlock(TokenInputBlock):
    """Words to vectors, with or without their spelling."""

    characters: CharactersBlock | None = None


class ImageInputBlock(Block):
    """Pictures to vectors: a small convolutional network, one stage per entry of `channels`."""

    size: Annotated[int, Field(ge=8)] = Field(default=48, description="pictures are scaled to size x size pixels")
    color: bool = False
    channels: Annotated[list[Size], Field(min_length=1)] = [32, 64, 128, 256]
    dropout: Probability = 0.0
    jitter: Probability = Field(default=0.0, description="share of the size by which training pictures move at random")


class BackboneBlock(Block):
    """Stacked recurrent layers of one cell."""

    cell: CellName = "gru"
    hidden_size: Size = Field(default=256, description="units of each direction")
    num_layers: Size = 1
    bidirectional: bool = Field(default=False, description="a second direction reads the sequence from its last token")
    dropout: Probability = Field(default=0.0, description="on the output of every layer")
    variational_dropout: bool = Field(default=False, description="one mask for all steps (Gal and Ghahramani 2016)")
    residual: bool = Field(default=False, description="add a layer's input to its output")
    layer_norm: bool = False


class ClassificationHeadBlock(Block):
    """One label for the whole sequence."""

    pooling: Literal["final", "mean", "max", "attention"] = Field(
        default="final", description="from states to a vector"
    )
    dropout: Probability = 0.0
    label_smoothing: Probability = 0.0


class TaggingHeadBlock(Block):
    """One label for each step."""

    dropout: Probability = 0.0
    label_smoothing: Probability = 0.0


class DecoderHeadBlock(Block):
    """A recurrent decoder that writes a text, with or without attention to the input's states."""

    embedding_size: Size = 128
    cell: CellName = "gru"
    hidden_size: Size = 256
    num_layers: Size = 1
    attention: AttentionName | None = Field(
        default=None, description="how the decoder weighs the input's states; null: it sees their final state alone"
    )
    num_heads: Size = Field(default=4, description="for multihead attention only")
    input_feeding: bool = Field(default=False, description="it joins the next input (Luong et al. 2015)")
    tie_embeddings: bool = Field(default=True, description="one matrix in and out (Press and Wolf 2017)")
    dropout: Probability = 0.0
    label_smoothing: Probability = 0.0

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Heads that do not divide the width, input feeding of nothing."""
        if self.attention == "multihead" and self.hidden_size % self.num_heads:
            yield (
                "num_heads",
                f"{self.num_heads} heads cannot share hidden_size {self.hidden_size} evenly; use a divisor",
            )
        if self.input_feeding and self.attention is None:
            yield "input_feeding", "feeds the attention's vector back, and attention is null; choose an attention"


class DecodingBlock(Block):
    """How a text is read off the decoder when predicting; names as in `GenerationConfig`."""

    num_beams: Size = Field(default=5, description="1 is greedy search")
    length_penalty: Annotated[float, Field(ge=0.0)] = Field(
        default=1.0, description="hypotheses are ranked by log-probability / length ** length_penalty"
    )
    max_length: Size = Field(default=80, description="tokens, the end token included")
    do_sample: bool = Field(default=False, description="draw tokens by probability; needs num_beams 1")
    temperature: Annotated[float, Field(gt=0.0)] = Field(default=1.0, description="below 1: likely tokens gain")
    top_k: Annotated[int, Field(ge=0)] = Field(default=0, description="draw among the k likeliest tokens; 0: no limit")
    top_p: Annotated[float, Field(gt=0.0, le=1.0)] = Field(
        default=1.0, description="draw among the likeliest tokens that share this probability (Holtzman et al. 2020)"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Beam search and sampling exclude each other, and so do their options."""
        if self.do_sample and self.num_beams > 1:
            yield "do_sample", f"beam search does not sample, and num_beams is {self.num_beams}; set num_beams to 1"
        if not self.do_sample:
            for field in ("temperature", "top_k", "top_p"):
                if getattr(self, field) != type(self).model_fields[field].default:
                    yield field, "without effect unless tokens are sampled; set do_sample to true and num_beams to 1"


class TextScoresBlock(Block):
    """How texts are scored; names as in sacrebleu. Scores compare only where these agree."""

    tokenize: Literal["13a", "intl", "zh", "char", "none"] = Field(
        default="13a", description="how BLEU splits texts: zh for Chinese, char for Japanese, none if they are split"
    )
    lowercase: bool = False


class TrainBlock(Block):
    """The training loop; names as in `TrainingArguments`."""

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    epochs: Annotated[float, Field(gt=0)] = 10.0
    max_steps: Size | None = Field(default=None, description="optimizer steps; takes the place of epochs")
    tokens_per_batch: Size = Field(default=2000, description="padded tokens in a batch, counted on its longer side")
    gradient_accumulation_steps: Size = Field(default=1, description="batches in one optimizer step")
    optimizer: Literal["adamw", "adam", "sgd"] = "adamw"
    learning_rate: Annotated[float, Field(gt=0.0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0.0)] = 0.0
    lr_scheduler_type: Literal["constant", "linear", "cosine", "inverse_sqrt"] = "linear"
    warmup_steps: Annotated[int, Field(ge=0)] = Field(default=0, description="steps of rising learning rate")
    max_grad_norm: Annotated[float, Field(gt=0.0)] | None = Field(default=1.0, description="longer ones are scaled")
    eval_steps: Size | None = Field(default=None, description="steps between two validations; null: once an epoch")
    logging_steps: Size = 50
    metric_for_best_model: Name | None = Field(default=None, description="a score's name or loss; null: the main score")
    early_stopping_patience: Size | None = Field(default=None, description="validations without a new best")
    average_checkpoints: Size = Field(default=1, description="how many weights the final model averages")
    average_by: Literal["best", "last"] = Field(default="best", description="which validated weights are averaged")
    mixed_precision: Literal["no", "fp16", "bf16"] = "no"

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Two lengths of training, a warm-up longer than the training."""
        if self.max_steps is not None and "epochs" in self.model_fields_set:
            yield "max_steps", "epochs is given as well, and both say when training ends; keep one of them"
        if self.max_steps is not None and self.warmup_steps >= self.max_steps:
            yield "warmup_steps", f"the warm-up would never end; expected less than max_steps, {self.max_steps}"
