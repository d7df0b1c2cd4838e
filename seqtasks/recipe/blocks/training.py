"""The block of the training loop."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks.base import Block, Count, Name


class TrainBlock(Block):
    """The training loop; names as in `TrainingArguments`."""

    seed: Annotated[int, Field(ge=0, lt=2**32)] = Field(
        default=0, description="of weights, batches and dropout: the same seed, the same result"
    )
    epochs: Annotated[float, Field(gt=0)] = Field(
        default=10.0, description="passes over the training rows; may be a fraction"
    )
    max_steps: Count | None = Field(default=None, description="optimizer steps; takes the place of epochs")
    tokens_per_batch: Count = Field(default=2000, description="padded tokens in a batch, counted on its longer side")
    max_memory: Count | None = Field(
        default=None, description="MB that the process, or its GPU memory, may hold; larger batches are split"
    )
    gradient_accumulation_steps: Count = Field(default=1, description="batches in one optimizer step")
    optimizer: Literal["adamw", "adam", "sgd"] = Field(
        default="adamw",
        description="adamw decays weights apart from the gradient (Loshchilov and Hutter 2019); sgd has momentum 0.9",
    )
    learning_rate: Annotated[float, Field(gt=0.0)] = Field(default=1e-3, description="the highest, after the warm-up")
    weight_decay: Annotated[float, Field(ge=0.0)] = Field(
        default=0.0, description="of matrices; biases and norms are left alone"
    )
    lr_scheduler_type: Literal["constant", "linear", "cosine", "inverse_sqrt"] = Field(
        default="linear", description="how the learning rate falls after the warm-up"
    )
    warmup_steps: Annotated[int, Field(ge=0)] = Field(default=0, description="steps of rising learning rate")
    max_grad_norm: Annotated[float, Field(gt=0.0)] | None = Field(default=1.0, description="longer ones are scaled")
    eval_steps: Count | None = Field(default=None, description="steps between two validations; null: once an epoch")
    logging_steps: Count = Field(default=50, description="steps between two lines of the log")
    metric_for_best_model: Name | None = Field(default=None, description="a score's name or loss; null: the main score")
    early_stopping_patience: Count | None = Field(default=None, description="validations without a new best")
    average_checkpoints: Count = Field(default=1, description="how many weights the final model averages")
    average_by: Literal["best", "last"] = Field(default="best", description="which validated weights are averaged")
    skip_nonfinite: bool = Field(
        default=False, description="leave out steps whose loss or gradient is not finite, instead of stopping"
    )
    mixed_precision: Literal["no", "fp16", "bf16"] = Field(
        default="no", description="16 bits where they suffice; fp16 needs a GPU"
    )
    track: Literal["tensorboard", "trackio", "wandb"] | None = Field(
        default=None, description="a tracker that shows the log while training goes on"
    )
    init_from: Name | None = Field(
        default=None, description="a run, such as a language model's, whose words, input and backbone to start from"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Two lengths of training, a warm-up longer than the training."""
        if self.max_steps is not None and "epochs" in self.model_fields_set:
            yield "max_steps", "epochs is given as well, and both say when training ends; keep one of them"
        if self.max_steps is not None and self.warmup_steps >= self.max_steps:
            yield "warmup_steps", f"the warm-up would never end; expected less than max_steps, {self.max_steps}"
