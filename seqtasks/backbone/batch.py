"""What a model receives: small frozen dataclasses of tensors."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import torch
from torch import Tensor

from seqtasks.backbone.encoding import State

IGNORE_INDEX = -100
"""A target with this value is not learned and not scored: padding, as everywhere in torch."""


class _Movable:
    """Moves every tensor field to a device."""

    def to(self, device: torch.device | str) -> Self:
        """The same batch on another device."""
        moved: dict[str, Any] = {
            field.name: value.to(device)
            for field in fields(self)  # type: ignore[arg-type]
            if isinstance(value := getattr(self, field.name), Tensor | _Movable)
        }
        return replace(self, **moved)  # type: ignore[type-var]


@dataclass(frozen=True)
class Characters(_Movable):
    """The spelling of each distinct word of a batch.

    Attributes:
        ids: character ids of the distinct words, `(words, longest_word)`.
        lengths: characters of each distinct word, `(words,)`.
        words: which distinct word stands where, `(batch, time)`.
    """

    ids: Tensor
    lengths: Tensor
    words: Tensor


@dataclass(frozen=True)
class Tokens(_Movable):
    """Padded token ids.

    Attributes:
        ids: `(batch, time)`.
        lengths: real tokens of each row, `(batch,)`.
        characters: spelling of the words, for inputs that read it.
        factors: ids of what is known of each word beside it, `(batch, time, factors)`.
    """

    ids: Tensor
    lengths: Tensor
    characters: Characters | None = None
    factors: Tensor | None = None


@dataclass(frozen=True)
class Images(_Movable):
    """Pictures of one size.

    Attributes:
        pixels: `(batch, channels, height, width)` in 0-1.
    """

    pixels: Tensor


@dataclass(frozen=True)
class Features(_Movable):
    """A vector for each picture, made by another network.

    Attributes:
        values: `(batch, features)`.
    """

    values: Tensor


@dataclass(frozen=True)
class Frames(_Movable):
    """Padded sequences of feature vectors: sound, sensors, series of numbers.

    Attributes:
        values: `(batch, time, features)`.
        lengths: real frames of each row, `(batch,)`.
    """

    values: Tensor
    lengths: Tensor


Inputs = Tokens | Images | Features | Frames
"""What a model reads."""


@dataclass(frozen=True)
class Batch(_Movable):
    """Inputs and what is to be learned from them.

    Attributes:
        inputs: token ids, pictures or frames.
        targets: `(batch,)` labels, `(batch, time)` tags, `(batch, target_time)` token ids that end with the end
            token, `IGNORE_INDEX` at padding; or `(batch, numbers)` floats. None when only predicting.
        window: of long streams cut into windows, the place of this one, all of whose steps are real; None: rows
            stand alone.
        state: the backbone's state after the window before; None: start anew.
    """

    inputs: Inputs
    targets: Tensor | None = None
    window: int | None = None
    state: State | None = None

    @property
    def num_targets(self) -> int:
        """How many targets count towards the loss."""
        if self.targets is None:
            return 0
        return self.targets.numel() if self.targets.is_floating_point() else int((self.targets != IGNORE_INDEX).sum())

    @property
    def num_tokens(self) -> int:
        """Real steps read or written, whichever is more: the unit of tokens per second."""
        read = 0 if isinstance(self.inputs, Images | Features) else int(self.inputs.lengths.sum())
        return max(read, self.num_targets)
