"""What the tasks have in common that read a sequence and write another, through an encoder and a decoder."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from seqtasks.backbone import RNN
from seqtasks.data.ragged import Ragged
from seqtasks.heads import DecoderHead
from seqtasks.tasks.examples import Examples, Rows
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.writing import Writing


class Rewriting(Writing):
    """A sequence in, another out."""

    shape: ClassVar = "many-to-many, other length"

    def costs(self, read: Examples, targets: Ragged, sources: Rows) -> Any:
        """Both sides."""
        return np.stack([read.lengths[sources], targets.lengths], axis=1)

    def encode_inputs(self, inputs: Sequence[Any]) -> Examples:
        """Sources to ids."""
        return self.reader.encode(inputs)

    def build(self) -> SequenceModel:
        """An encoder, and a decoder that starts from its final state and may attend to all its states.

        Where both sides share a tokenizer and an embedding size, they share the embeddings.
        """
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        block, size = self.recipe.head, backbone.output_size
        alike = getattr(self.reader, "tokenizer", None) is self.tokenizer
        shared = inputs.embedding if alike and block.embedding_size == inputs.embedding.embedding_dim else None
        head = DecoderHead(len(self.tokenizer), size, size, embedding=shared, **block.model_dump())
        return SequenceModel(inputs, backbone, head)
