"""One-to-one: a picture in, one label out. No sequence: what the other shapes are to be compared with.

[8 x 8 pixels of a handwritten 7]  ->  7
"""

from typing import Any, ClassVar

import numpy as np
from datasets import Dataset

from seqtasks.heads import ClassificationHead
from seqtasks.tasks.baselines import nearest_image_label
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.examples import Prediction, plain
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import ImageReader, Reader, picture_reader


class ImageClassification(Classification):
    """One label for a picture."""

    name: ClassVar = "image_classification"
    shape: ClassVar = "one-to-one"
    reader_class: ClassVar[type[Reader]] = ImageReader

    @classmethod
    def reader_for(cls, recipe: Any) -> type[Reader]:
        """Pictures, or vectors that another network has made of them."""
        return picture_reader(recipe)

    def build(self) -> SequenceModel:
        """A convolutional network, one score for each label."""
        inputs = self.reader.build()
        head = ClassificationHead(inputs.final_size, len(self.labels), **self.recipe.head.model_dump())
        return SequenceModel(inputs, None, head)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The label of the training picture with the nearest pixels."""
        known, asked = (np.asarray(self.reader.encode(rows["image"]).inputs) for rows in (train, test))
        return {"nearest picture": plain(nearest_image_label(known, train["label"], asked))}
