"""The block of the training loop."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from seqtasks.recipe.blocks.base import Block, Count, Name


class TrainBlock(Block):
    """The training loop; names as in `TrainingArguments`."""

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    epochs: Annotated[float, Field(gt=0)] = 10.0
    max_steps: Count | None = Field(default=None, description="optimizer steps; takes the place of epochs")
    tokens_per_batch: Count = Field(default=2000, description="padded tokens in a batch, counted on its longer side")
    max_memory: Count | None = Field(
        default=None, description="MB that the process, or its GPU memory, may hold; larger batches are split"
    )
    gradient_accumulation_steps: Count = Field(default=1, description="batches in one optimizer step")
    optimizer: Literal["adamw", "adam", "sgd"] = "adamw"
    learning_rate: Annotated[float, Field(gt=0.0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0.0)] = 0.0
    lr_scheduler_type: Literal["constant", "linear", "cosine", "inverse_sqrt"] = "linear"
    warmup_steps: Annotated[int, Field(ge=0)] = Field(default=0, description="steps of rising learning rate")
    max_grad_norm: Annotated[float, Field(gt=0.0)] | None = Field(default=1.0, description="longer ones are scaled")
    eval_steps: Count | None = Field(default=None, description="steps between two validations; null: once an epoch")
    logging_steps: Count = 50
    metric_for_best_model: Name | None = Field(default=None, description="a score's name or loss; null: the main score")
    early_stopping_patience: Count | None = Field(default=None, description="validations without a new best")
    average_checkpoints: Count = Field(default=1, description="how many weights the final model averages")
    average_by: Literal["best", "last"] = Field(default="best", description="which validated weights are averaged")
    skip_nonfinite: bool = Field(
        default=False, description="leave out steps whose loss or gradient is not finite, instead of stopping"
    )
    mixed_precision: Literal["no", "fp16", "bf16"] = "no"
    track: Literal["tensorboard", "trackio", "wandb"] | None = Field(
        default=None, description="a tracker that shows the log while training goes on"
    )
    init_from: Name | None = Field(
        default=None, description="a run directory, such as a language model's, whose input and backbone to start from"
    )

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Two lengths of training, a warm-up longer than the training."""
        if self.max_steps is not None and "epochs" in self.model_fields_set:
            yield "max_steps", "epochs is given as well, and both say when training ends; keep one of them"
        if self.max_steps is not None and self.warmup_steps >= self.max_steps:
            yield "warmup_steps", f"the warm-up would never end; expected less than max_steps, {self.max_steps}"
