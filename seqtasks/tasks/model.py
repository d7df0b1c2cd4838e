"""`SequenceModel`: input x backbone x head, the one shape that all recipes build."""

from torch import Tensor, nn

from seqtasks.backbone import RNN, Batch, Encoding, ImageInput, Images, TokenInput, Tokens
from seqtasks.heads import ClassificationHead, DecoderHead, HeadOutput, TaggingHead


class SequenceModel(nn.Module):
    """An input, a backbone and a head in a row.

    Args:
        input: tokens or pictures to vectors.
        backbone: reads the vectors; None where the input gives an encoding itself (a picture).
        head: reads the states and owns the loss.
    """

    def __init__(
        self,
        input: TokenInput | ImageInput,
        backbone: RNN | None,
        head: ClassificationHead | TaggingHead | DecoderHead,
    ) -> None:
        super().__init__()
        self.input, self.backbone, self.head = input, backbone, head

    def encode(self, inputs: Tokens | Images) -> Encoding:
        """Read a batch of inputs."""
        vectors: Tensor | Encoding = self.input(inputs)
        if self.backbone is None or not isinstance(inputs, Tokens):
            return vectors  # type: ignore[return-value]
        return self.backbone(vectors, inputs.lengths)

    def forward(self, batch: Batch) -> HeadOutput:
        """Logits, and the loss if the batch has targets."""
        return self.head(self.encode(batch.inputs), batch.targets)
