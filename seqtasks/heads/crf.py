"""One label for each step, chosen together: a conditional random field over a linear chain."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqtasks.backbone import IGNORE_INDEX, Dropout, Encoding
from seqtasks.heads.linear_chain import ChainScores, best_paths, log_partition, marginals, viterbi
from seqtasks.heads.output import HeadOutput

FORBIDDEN = -1e4
"""Score of a forbidden start or transition: its probability is 0 in any precision, its logarithm still finite."""


class CRFTaggingHead(nn.Module):
    """Score whole label sequences: each label at its step, and each label after the one before.

        p(y | x) = exp(start[y_1] + sum_t emissions[t, y_t] + sum_t transitions[y_t, y_t+1] + end[y_T]) / Z(x)

    Lafferty et al. 2001; on a recurrent network Lample et al. 2016, arXiv:1603.01360. The chain's scores start at
    zero, where the head is a softmax of each step. They are summed in float32 at least, whatever the precision of
    the emissions.

    Forbidden starts and transitions have the fixed score `FORBIDDEN`, in training too. A target that uses one
    therefore costs about 10,000 nats each time, not infinitely many; and where every path uses some, the best one
    uses the fewest. That holds as long as emissions stay well below 10,000.

    Args:
        input_size: of a state.
        num_labels: labels to choose from.
        dropout: on the states.
        forbidden_transitions: pairs (label, next label) that must not occur; see `bio_constraints`.
        forbidden_starts: labels that must not come first.

    Raises:
        ValueError: a forbidden label is not one of the labels.

    Examples:
        >>> head = CRFTaggingHead(4, 3, forbidden_starts=[2])
        >>> states = Encoding(torch.zeros(2, 5, 4), torch.zeros(1, 2, 4), torch.tensor([5, 1]))
        >>> [len(path) for path in head.best_labels(head(states).logits, states.lengths)]
        [5, 1]
    """

    forbidden_transitions: Tensor
    forbidden_starts: Tensor

    def __init__(
        self,
        input_size: int,
        num_labels: int,
        *,
        dropout: float = 0.0,
        forbidden_transitions: Sequence[tuple[int, int]] = (),
        forbidden_starts: Sequence[int] = (),
    ) -> None:
        super().__init__()
        for label in (*forbidden_starts, *(label for pair in forbidden_transitions for label in pair)):
            if not 0 <= label < num_labels:
                raise ValueError(f"CRF: label {label} is forbidden; expected 0 to {num_labels - 1}; leave it out")
        self.dropout = Dropout(dropout)
        self.output = nn.Linear(input_size, num_labels)
        self.start = nn.Parameter(torch.zeros(num_labels))
        self.transitions = nn.Parameter(torch.zeros(num_labels, num_labels))
        self.end = nn.Parameter(torch.zeros(num_labels))
        pairs = torch.zeros(num_labels, num_labels, dtype=torch.bool)
        for before, after in forbidden_transitions:
            pairs[before, after] = True
        starts = torch.zeros(num_labels, dtype=torch.bool)
        starts[list(forbidden_starts)] = True
        # Not saved with the weights: they follow from the labels.
        self.register_buffer("forbidden_transitions", pairs, persistent=False)
        self.register_buffer("forbidden_starts", starts, persistent=False)

    def forward(self, encoding: Encoding, targets: Tensor | None = None) -> HeadOutput:
        """Score the labels of each step; with targets, the negative log-likelihood of the sequences.

        A real step whose target is `IGNORE_INDEX` may have any label: the likelihood is summed over them
        (Tsuboi et al. 2008, C08-1113).

        Args:
            encoding: of the sequences.
            targets: label ids `(batch, time)`, `IGNORE_INDEX` at padding and where the label is not known.

        Returns:
            Emissions `(batch, time, num_labels)` as logits; `count` is the number of known labels.
        """
        emissions = self.output(self.dropout(encoding.states))
        if targets is None:
            return HeadOutput(emissions)
        known = targets != IGNORE_INDEX
        chosen = F.one_hot(targets.masked_fill(~known, 0), emissions.shape[-1]).bool()
        consistent = emissions.masked_fill(known[..., None] & ~chosen, -torch.inf)
        # Numerator and partition are sums over two lattices of one shape: one pass over time serves both.
        sums = self.log_partition(torch.cat([consistent, emissions]), encoding.lengths.repeat(2))
        numerator, partition = sums.chunk(2)
        return HeadOutput(emissions, (partition - numerator).sum(), known.sum())

    def log_partition(self, emissions: Tensor, lengths: Tensor) -> Tensor:
        """Logarithm of Z `(batch,)`, for emissions `(batch, time, num_labels)` and lengths `(batch,)`, at least 1."""
        return log_partition(self._cast(emissions), lengths, self.scores())

    def marginals(self, emissions: Tensor, lengths: Tensor) -> Tensor:
        """Probability of each label at each step, `(batch, time, num_labels)`, zero at padding; without gradient."""
        return marginals(self._cast(emissions), lengths, self.scores())

    def best_labels(self, emissions: Tensor, lengths: Tensor) -> list[list[int]]:
        """The most probable path of each row, as long as the row (Viterbi 1967)."""
        return viterbi(self._cast(emissions), lengths, self.scores())

    def n_best(self, emissions: Tensor, lengths: Tensor, n: int) -> list[list[tuple[list[int], float]]]:
        """The most probable paths of each row, best first, each with its log-probability in nats.

        Args:
            emissions: `(batch, time, num_labels)`.
            lengths: `(batch,)`, at least 1.
            n: how many. A row has fewer if no more exist, or if the others are forbidden.

        Raises:
            ValueError: n is less than 1.
        """
        if n < 1:
            raise ValueError(f"n_best: n is {n}; expected 1 or more; ask for at least one path")
        emissions, scores = self._cast(emissions), self.scores()
        paths, totals = best_paths(emissions, lengths, scores, n)
        with torch.no_grad():
            log_probs = (totals - log_partition(emissions, lengths, scores)[:, None]).clamp(max=0.0)
        # A path with one forbidden step more than the best lies about FORBIDDEN below it.
        allowed = (totals > totals[:, :1] + FORBIDDEN / 2).sum(1)
        rows = zip(paths.tolist(), log_probs.tolist(), lengths.tolist(), allowed.tolist(), strict=True)
        return [
            [(path[:length], log_prob) for path, log_prob in zip(found[:kept], values[:kept], strict=True)]
            for found, values, length, kept in rows
        ]

    def _cast(self, emissions: Tensor) -> Tensor:
        return emissions.to(torch.promote_types(self.transitions.dtype, torch.float32))

    def scores(self) -> ChainScores:
        """What the chain adds to the emissions, forbidden starts and transitions at `FORBIDDEN`."""
        return ChainScores(
            start=self._cast(self.start).masked_fill(self.forbidden_starts, FORBIDDEN),
            transitions=self._cast(self.transitions).masked_fill(self.forbidden_transitions, FORBIDDEN),
            end=self._cast(self.end),
        )


def bio_constraints(labels: Sequence[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """Transitions and starts that the scheme IOB2 forbids: `I-X` comes only after `B-X` or `I-X`.

    Args:
        labels: names, in the order of their ids.

    Returns:
        Pairs (label, next label), and first labels; both empty if some name is not `O`, `B-type` or `I-type`.

    Examples:
        >>> bio_constraints(["B-X", "I-X", "O"])
        ([(2, 1)], [1])
    """
    if not all(label == "O" or (label[:2] in ("B-", "I-") and len(label) > 2) for label in labels):
        return [], []
    inside = {index: label[2:] for index, label in enumerate(labels) if label.startswith("I-")}
    transitions = [
        (before, after)
        for after, kind in inside.items()
        for before, label in enumerate(labels)
        if label not in (f"B-{kind}", f"I-{kind}")
    ]
    return transitions, list(inside)
