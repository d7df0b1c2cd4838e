"""One-to-many: a picture in, a text out.

[picture of a bookmark with a plus sign]  ->  "bookmark plus"
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from datasets import Dataset

from seqtasks.metrics.score import Score
from seqtasks.metrics.text import text_scores
from seqtasks.tasks.baselines import commonest_caption, nearest_image
from seqtasks.tasks.examples import Prediction, plain, values
from seqtasks.tasks.readers import ImageReader, Reader, picture_reader
from seqtasks.tasks.writing import Writing


class Captioning(Writing):
    """Pictures to texts: what a convolutional network, ours or another, makes of a picture starts a decoder."""

    name: ClassVar = "captioning"
    shape: ClassVar = "one-to-many"
    primary: ClassVar = "chrf"  # most captions are shorter than the four words of BLEU
    bucket_width: ClassVar = 8  # a batch of pictures whose captions are all equally long would be a biased sample
    reader_class: ClassVar[type[Reader]] = ImageReader
    text_role: ClassVar = "caption"

    @classmethod
    def reader_for(cls, recipe: Any) -> type[Reader]:
        """Pictures, or vectors that another network has made of them."""
        return picture_reader(recipe)

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]]:
        """The regions of the picture, by row and column."""
        block = self.recipe.input
        side = range(1, 1 + -(-block.size // 2 ** len(block.channels)))
        return [[f"{row},{column}" for row in side for column in side]] * len(inputs)

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """ChrF, BLEU and BLEU of single words, against all captions of a picture."""
        options = self.recipe.scores.model_dump()
        references, texts = self.alternatives(rows), values(predictions)
        return text_scores(references, texts, metrics=("chrf", "bleu", "bleu_1"), **options, intervals=intervals)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The commonest caption, and the caption of the training picture with the nearest pixels."""
        captions = self.references(train)
        known, asked = (np.asarray(self.reader.encode(rows["image"]).inputs) for rows in (train, test))
        return {
            "commonest caption": plain(commonest_caption(captions, len(test))),
            "nearest picture": plain(nearest_image(known, captions, asked)),
        }
