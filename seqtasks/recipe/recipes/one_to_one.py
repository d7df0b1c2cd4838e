"""One-to-one: recipes of tasks without a sequence, beside which the others are understood."""

from typing import Literal

from seqtasks.recipe.blocks import Block, DatasetBlock, ImageLabelHeadBlock, Name, PictureInputBlock, TrainBlock


class ImageClassificationColumns(Block):
    image: Name = "image"
    label: Name = "label"


class ImageClassificationDataset(DatasetBlock):
    columns: ImageClassificationColumns = ImageClassificationColumns()


class ImageClassificationRecipe(Block):
    """One-to-one: a picture in, one label out."""

    task: Literal["image_classification"]
    dataset: ImageClassificationDataset
    input: PictureInputBlock = PictureInputBlock()
    head: ImageLabelHeadBlock = ImageLabelHeadBlock()
    train: TrainBlock = TrainBlock()
