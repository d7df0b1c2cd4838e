"""Heads of several models that answer as one.

What each says is averaged: probabilities of labels and tokens, numbers of a regression, and for a CRF the scores of
labels and pairs of labels, which is the path whose log-probability is highest on average.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any, Self

import torch
from torch import Tensor, nn

from seqtasks.backbone import Encoding
from seqtasks.heads.crf import CRFTaggingHead
from seqtasks.heads.decoder import DecoderHead, DecoderState
from seqtasks.heads.linear_chain import ChainScores, marginals, viterbi
from seqtasks.heads.output import HeadOutput
from seqtasks.heads.regression import RegressionHead
from seqtasks.heads.tagging import TaggingHead


@dataclass(frozen=True)
class Encodings:
    """What each member of an ensemble has read of the same inputs."""

    members: tuple[Encoding, ...]

    @property
    def lengths(self) -> Tensor:
        """Real steps of each row, `(batch,)`."""
        return self.members[0].lengths

    @property
    def states(self) -> Tensor:
        """Those of the first member, for their number and place."""
        return self.members[0].states

    @property
    def state(self) -> Any:
        """What each member goes on from."""
        return tuple(encoding.state for encoding in self.members)


class EnsembleHead(nn.Module):
    """Heads of one kind, each on the encoding of its own model. It answers; it is not trained.

    Args:
        heads: one at least.
    """

    def __init__(self, heads: Sequence[nn.Module]) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)

    def forward(self, encodings: Encodings, targets: Tensor | None = None) -> HeadOutput:
        """Logits, averaged; without a loss. Arguments are those of the members' heads."""
        needed = () if targets is None else (targets,)
        outputs = [head(read, *needed) for head, read in zip(self.heads, encodings.members, strict=True)]
        logits = torch.stack([output.logits for output in outputs])
        attention = None
        if outputs[0].attention is not None:
            attention = torch.stack([output.attention for output in outputs]).mean(0)
        return HeadOutput(self.average(logits), attention=attention)

    def average(self, logits: Tensor) -> Tensor:
        """From `(heads, ..., labels)` to `(..., labels)`: the logarithm of the mean probability."""
        return mean_log_probs(logits.log_softmax(-1))


class EnsembleRegressionHead(EnsembleHead):
    """Numbers are averaged."""

    def average(self, logits: Tensor) -> Tensor:
        """The mean over the heads."""
        return logits.mean(0)


class EnsembleTaggingHead(EnsembleHead):
    """A label for each step, independently."""

    def best_labels(self, logits: Tensor, lengths: Tensor) -> list[list[int]]:
        """The most probable label of each step; see `TaggingHead.best_labels`."""
        return TaggingHead.best_labels(logits, lengths)

    def marginals(self, logits: Tensor, lengths: Tensor) -> Tensor:
        """Probability of each label at each step; see `TaggingHead.marginals`."""
        return TaggingHead.marginals(logits, lengths)


class EnsembleCRFTaggingHead(EnsembleHead):
    """Scores of labels and of pairs of labels are averaged."""

    heads: Any

    def average(self, logits: Tensor) -> Tensor:
        """The mean emissions."""
        return logits.float().mean(0)

    def best_labels(self, logits: Tensor, lengths: Tensor) -> list[list[int]]:
        """The most probable path of each row, as long as the row."""
        return viterbi(logits, lengths, self._scores())

    def marginals(self, logits: Tensor, lengths: Tensor) -> Tensor:
        """Probability of each label at each step; see `CRFTaggingHead.marginals`."""
        return marginals(logits, lengths, self._scores())

    def _scores(self) -> ChainScores:
        """What the chains add to the emissions, on average."""
        members = [head.scores() for head in self.heads]
        return ChainScores(*(torch.stack(parts).mean(0) for parts in zip(*members, strict=True)))


@dataclass(frozen=True)
class EnsembleState:
    """Where each member's decoder stands, for the same hypotheses."""

    members: tuple[DecoderState, ...]

    def reorder(self, beams: Tensor) -> Self:
        """Continue chosen hypotheses."""
        return type(self)(tuple(state.reorder(beams) for state in self.members))

    def keep(self, sentences: Tensor) -> Self:
        """Only these sentences go on."""
        return type(self)(tuple(state.keep(sentences) for state in self.members))


class EnsembleDecoderHead(EnsembleHead):
    """Decoders that write one text together: the next token's probability is the mean."""

    heads: Any

    def begin(self, encodings: Encodings) -> EnsembleState:
        """The state before the first token."""
        pairs = zip(self.heads, encodings.members, strict=True)
        return EnsembleState(tuple(head.begin(encoding) for head, encoding in pairs))

    def step(self, tokens: Tensor, state: EnsembleState) -> tuple[Tensor, EnsembleState]:
        """One step of every hypothesis; see `DecoderHead.step`."""
        steps = [head.step(tokens, member) for head, member in zip(self.heads, state.members, strict=True)]
        log_probs, states = zip(*steps, strict=True)
        return mean_log_probs(torch.stack(log_probs)), EnsembleState(states)


def join_heads(heads: Sequence[nn.Module]) -> EnsembleHead:
    """The head of an ensemble, by the kind of its members' heads."""
    kinds: dict[type[nn.Module], type[EnsembleHead]] = {
        TaggingHead: EnsembleTaggingHead,
        CRFTaggingHead: EnsembleCRFTaggingHead,
        RegressionHead: EnsembleRegressionHead,
        DecoderHead: EnsembleDecoderHead,
    }
    return kinds.get(type(heads[0]), EnsembleHead)(heads)


def mean_log_probs(log_probs: Tensor) -> Tensor:
    """The logarithm of the mean probability over the first dimension; at most 0."""
    return (log_probs.logsumexp(0) - log(len(log_probs))).clamp(max=0.0)
