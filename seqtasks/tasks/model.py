"""`SequenceModel`: input x backbone x head, the one shape that all recipes build."""

from dataclasses import replace

from torch import Tensor, nn

from seqtasks.backbone import RNN, Batch, Encoding, Features, Images, Inputs, State
from seqtasks.heads import HeadOutput


class SequenceModel(nn.Module):
    """An input, a backbone and a head in a row.

    Args:
        input: tokens, pictures, frames or attributes to vectors.
        backbone: reads the vectors; None where the input gives an encoding itself (a picture, attributes).
        head: reads the states and owns the loss.
    """

    def __init__(self, input: nn.Module, backbone: RNN | None, head: nn.Module) -> None:
        super().__init__()
        self.input, self.backbone, self.head = input, backbone, head

    def encode(self, inputs: Inputs) -> Encoding:
        """Read a batch of inputs."""
        vectors: Tensor | Encoding = self.input(inputs)
        if isinstance(vectors, Encoding):
            return vectors
        if self.backbone is None or isinstance(inputs, Images | Features):
            raise TypeError(f"model.input: {type(self.input).__name__} gives vectors; expected a backbone to read them")
        return self.backbone(vectors, inputs.lengths)

    def read_on(self, inputs: Inputs, state: State | None) -> Encoding:
        """Read steps, all of them real, from a state on; the encoding holds the next state.

        Raises:
            TypeError: there is no backbone that could go on.
        """
        if self.backbone is None:
            raise TypeError("model.backbone: there is none; expected one that reads step by step")
        return self.backbone(self.input(inputs), None, state)

    def forward(self, batch: Batch) -> HeadOutput:
        """Logits, and the loss if the batch has targets."""
        if batch.window is None:
            output: HeadOutput = self.head(self.encode(batch.inputs), batch.targets)
            return output
        encoding = self.read_on(batch.inputs, batch.state)
        return replace(self.head(encoding, batch.targets), state=encoding.state)
