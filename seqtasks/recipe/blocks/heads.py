"""Blocks of heads, and of how texts are written and scored."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks.base import AttentionName, Block, CellName, Depth, PoolingName, Probability, Size


class ClassificationHeadBlock(Block):
    """One label for the whole sequence."""

    pooling: PoolingName = Field(default="final", description="from states to a vector")
    dropout: Probability = Field(default=0.0, description="on the pooled vector")
    label_smoothing: Probability = Field(
        default=0.0,
        description="share of the target's weight spread over all answers in training (Szegedy et al. 2016)",
    )


class ImageLabelHeadBlock(Block):
    """One label for a picture: there are no steps to pool."""

    dropout: Probability = Field(default=0.0, description="on the picture's vector")
    label_smoothing: Probability = Field(
        default=0.0,
        description="share of the target's weight spread over all answers in training (Szegedy et al. 2016)",
    )


class RegressionHeadBlock(Block):
    """Numbers for the whole sequence."""

    pooling: PoolingName = Field(default="final", description="from states to a vector")
    dropout: Probability = Field(default=0.0, description="on the pooled vector")
    loss: Literal["mse", "mae", "huber"] = Field(
        default="mse", description="squared error, absolute error, or Huber's between the two"
    )


class TaggingHeadBlock(Block):
    """One label for each step."""

    crf: bool = Field(default=False, description="score whole sequences of tags (Lample et al. 2016)")
    dropout: Probability = Field(default=0.0, description="on the states")
    label_smoothing: Probability = Field(
        default=0.0,
        description="share of the target's weight spread over all answers in training (Szegedy et al. 2016)",
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """A CRF has no label at a step to smooth."""
        if self.crf and self.label_smoothing:
            yield (
                "label_smoothing",
                "a CRF scores whole sequences, so there is nothing to smooth; leave one of them out",
            )


class LanguageModelHeadBlock(Block):
    """The next token after every step."""

    tie_embeddings: bool = Field(default=True, description="one matrix in and out (Press and Wolf 2017)")
    dropout: Probability = Field(default=0.0, description="on the states")
    variational_dropout: bool = Field(default=False, description="one mask for all steps")
    label_smoothing: Probability = Field(
        default=0.0,
        description="share of the target's weight spread over all answers in training (Szegedy et al. 2016)",
    )


class DecoderHeadBlock(Block):
    """A recurrent decoder that writes a text, with or without attention to the input's states."""

    embedding_size: Size = Field(default=128, description="numbers in a written token's vector")
    cell: CellName = Field(default="gru", description="what a layer of the decoder does at each step")
    hidden_size: Size = Field(default=256, description="units of each layer")
    num_layers: Depth = Field(default=1, description="layers on top of each other")
    attention: AttentionName | None = Field(
        default=None, description="how the decoder weighs the input's states; null: it sees their final state alone"
    )
    num_heads: Size = Field(default=4, description="for multihead attention only")
    input_feeding: bool = Field(default=False, description="it joins the next input (Luong et al. 2015)")
    tie_embeddings: bool = Field(default=True, description="one matrix in and out (Press and Wolf 2017)")
    dropout: Probability = Field(default=0.0, description="on the vectors of tokens and before the output layer")
    label_smoothing: Probability = Field(
        default=0.0,
        description="share of the target's weight spread over all answers in training (Szegedy et al. 2016)",
    )

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


class SamplingBlock(DecodingBlock):
    """The same where texts are drawn."""

    num_beams: Size = Field(default=1, description="1 is greedy search, or sampling")
    do_sample: bool = Field(default=True, description="draw tokens by probability")


class TextScoresBlock(Block):
    """How texts are scored; names as in sacrebleu. Scores compare only where these agree."""

    tokenize: Literal["13a", "intl", "zh", "char", "none"] = Field(
        default="13a", description="how BLEU splits texts: zh for Chinese, char for Japanese, none if they are split"
    )
    lowercase: bool = Field(default=False, description="case does not count")
    punctuation: bool = Field(default=True, description="false: it does not count, as in scores of captions")
