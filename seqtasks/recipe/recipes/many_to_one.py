"""Many-to-one: recipes of tasks that read a sequence and answer with one label, or with numbers."""

from collections.abc import Iterator
from typing import Literal

from seqtasks.recipe.blocks import (
    BackboneBlock,
    Block,
    ClassificationHeadBlock,
    DatasetBlock,
    ForecastBlock,
    FrameDatasetBlock,
    FrameInputBlock,
    Name,
    RegressionHeadBlock,
    TokenizerBlock,
    TrainBlock,
    WordInputBlock,
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
    input: WordInputBlock = WordInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: ClassificationHeadBlock = ClassificationHeadBlock()
    train: TrainBlock = TrainBlock()

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Vectors are of words."""
        if self.input.vectors is not None and self.tokenizer.model not in ("word", "whitespace"):
            yield "input.vectors", f"they are of words, and tokenizer.model is {self.tokenizer.model}; use word there"


class FrameClassificationColumns(Block):
    frames: Name = "frames"
    label: Name = "label"


class FrameClassificationDataset(FrameDatasetBlock):
    columns: FrameClassificationColumns = FrameClassificationColumns()


class FrameClassificationRecipe(Block):
    """Many-to-one: frames of a recording in, one label out."""

    task: Literal["frame_classification"]
    dataset: FrameClassificationDataset
    input: FrameInputBlock = FrameInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: ClassificationHeadBlock = ClassificationHeadBlock()
    train: TrainBlock = TrainBlock()


class RegressionColumns(Block):
    frames: Name = "frames"
    number: Name = "number"


class RegressionDataset(FrameDatasetBlock):
    columns: RegressionColumns = RegressionColumns()


class RegressionRecipe(Block):
    """Many-to-one: frames in, a number out."""

    task: Literal["regression"]
    dataset: RegressionDataset
    input: FrameInputBlock = FrameInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: RegressionHeadBlock = RegressionHeadBlock()
    train: TrainBlock = TrainBlock()


class ForecastingColumns(Block):
    value: Name | list[Name] = "value"


class ForecastingDataset(DatasetBlock):
    columns: ForecastingColumns = ForecastingColumns()


class ForecastingRecipe(Block):
    """Many-to-one: the last steps of a series in, its next steps out. A row of the data is a time step."""

    task: Literal["forecasting"]
    dataset: ForecastingDataset
    forecast: ForecastBlock = ForecastBlock()
    input: FrameInputBlock = FrameInputBlock()
    backbone: BackboneBlock = BackboneBlock()
    head: RegressionHeadBlock = RegressionHeadBlock()
    train: TrainBlock = TrainBlock()
