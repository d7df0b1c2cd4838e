"""Pictures to vectors, by convolution."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone.batch import Images
from seqtasks.backbone.dropout import Dropout
from seqtasks.backbone.encoding import Encoding


class ImageStage(nn.Module):
    """Halve a picture and look at it: x = f(x) with stride 2, then x + f(x); f is convolution, norm, ReLU.

    Args:
        inputs: feature maps that come in.
        outputs: feature maps that go out.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.halve = self._convolution(inputs, outputs, stride=2)
        self.refine = self._convolution(outputs, outputs, stride=1)

    @staticmethod
    def _convolution(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
        convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, maps: Tensor) -> Tensor:
        """`(batch, inputs, height, width)` to `(batch, outputs, height / 2, width / 2)`, rounded up."""
        halved = self.halve(maps)
        return halved + self.refine(halved)


class ImageInput(nn.Module):
    """A small residual network (He et al. 2016, arXiv:1512.03385): pictures to one vector, and one a region.

    The regions, put in a row, are the picture's vector, so what stands where is kept; a decoder may also attend to
    them one by one (Xu et al. 2015, arXiv:1502.03044).

    Args:
        size: height and width of the pictures in pixels.
        color: three channels instead of one.
        channels: feature maps of each stage; the last is the size of a region's vector.
        dropout: on the regions' vectors.
        jitter: in training, pictures are shifted and zoomed at random by up to this share of their size.
    """

    def __init__(
        self,
        *,
        size: int = 48,
        color: bool = False,
        channels: Sequence[int] = (32, 64, 128, 256),
        dropout: float = 0.0,
        jitter: float = 0.0,
    ) -> None:
        super().__init__()
        widths = [3 if color else 1, *channels]
        self.size, self.jitter = size, jitter
        self.output_size = widths[-1]
        side = -(-size // 2 ** (len(widths) - 1))
        self.final_size = side * side * self.output_size
        self.stages = nn.Sequential(*(ImageStage(*pair) for pair in pairwise(widths)))
        self.dropout = Dropout(dropout)

    def forward(self, images: Images) -> Encoding:
        """States `(batch, regions, output_size)`, and all of them in a row as `final` `(1, batch, final_size)`."""
        pixels = self._jittered(images.pixels) if self.training and self.jitter > 0.0 else images.pixels
        regions = self.dropout(self.stages(pixels).flatten(2).transpose(1, 2))
        lengths = torch.full(regions.shape[:1], regions.shape[1], device=regions.device)
        return Encoding(regions, regions.flatten(1)[None], lengths)

    def _jittered(self, pixels: Tensor) -> Tensor:
        """Each picture under its own zoom and shift; what comes in at the edges repeats the border."""
        zoom, right, down = (torch.rand(3, len(pixels), device=pixels.device) * 2 - 1) * self.jitter
        none = torch.zeros_like(zoom)
        rows = [torch.stack(row, dim=-1) for row in ((1 + zoom, none, 2 * right), (none, 1 + zoom, 2 * down))]
        grid = F.affine_grid(torch.stack(rows, dim=1), list(pixels.shape), align_corners=False)
        return F.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
