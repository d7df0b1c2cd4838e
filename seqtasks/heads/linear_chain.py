"""A linear chain: sums and maxima over all label sequences of a row, in time linear in its length.

    score(y) = start[y_1] + sum_t emissions[t, y_t] + sum_t transitions[y_t, y_t+1] + end[y_T]

Sources: the forward-backward and the Viterbi algorithm, Rabiner 1989; n-best, Seshadri and Sundberg 1994. What
stands at padding is never read. Inside, the batch is the last dimension: on a CPU that halves the time of a step.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from seqtasks.backbone import real_steps


class ChainScores(NamedTuple):
    """What a chain adds to the emissions.

    Attributes:
        start: of the first label, `(labels,)`.
        transitions: from label i to label j, `(labels, labels)`.
        end: of the last label, `(labels,)`.
    """

    start: Tensor
    transitions: Tensor
    end: Tensor


def log_partition(emissions: Tensor, lengths: Tensor, scores: ChainScores) -> Tensor:
    """Sum exp score(y) over all label sequences y and take the logarithm.

    Args:
        emissions: `(batch, time, labels)`; -inf forbids a label at a step, but not all labels of one.
        lengths: real steps of each row, at least 1, `(batch,)`.
        scores: of the chain, in the emissions' precision.

    Returns:
        Nats, `(batch,)`.
    """
    _, ends, shift = _forward(_time_first(emissions, lengths), lengths, scores)
    return ends.logsumexp(0) + shift


@torch.no_grad()
def marginals(emissions: Tensor, lengths: Tensor, scores: ChainScores) -> Tensor:
    """Probability of each label at each step, from the last step back to the first.

        p(y_t = i) = sum_j p(y_t = i | y_t+1 = j) p(y_t+1 = j)

    Args:
        emissions: as in `log_partition`.
        lengths: as in `log_partition`.
        scores: as in `log_partition`.

    Returns:
        Probabilities `(batch, time, labels)`, zero at padding; without gradient.
    """
    steps = _time_first(emissions, lengths)
    messages, ends, _ = _forward(steps, lengths, scores)
    found = torch.zeros_like(steps).scatter_(0, _last(steps, lengths), ends.softmax(0)[None])
    for index in reversed(range(len(steps) - 1)):
        reached = (messages[index] + steps[index])[:, None] + scores.transitions[..., None]
        found[index] += (reached.softmax(0) * found[index + 1]).sum(1)
    return found.permute(2, 0, 1)


@torch.no_grad()
def best_paths(emissions: Tensor, lengths: Tensor, scores: ChainScores, n: int) -> tuple[Tensor, Tensor]:
    """The label sequences of the highest score, best first.

    Args:
        emissions: as in `log_partition`.
        lengths: as in `log_partition`.
        scores: as in `log_partition`.
        n: how many; 1 is the Viterbi algorithm.

    Returns:
        Labels `(batch, n, time)`, to be cut at the row's length, and scores `(batch, n)`, -inf where a row has
        no more paths. If even the longest row has less than n, there are fewer than n places.
    """
    steps = _time_first(emissions, lengths)
    time, labels, batch = steps.shape
    n = min(n, labels**time)
    # A place is (rank, label): the rank-th best way to reach the label.
    best = steps.new_full((n, labels, batch), -torch.inf)
    best[0] = scores.start[:, None] + steps[0]
    history, origins = [best], []
    for step in steps[1:]:
        best, origin = _top((best[:, :, None] + scores.transitions[..., None]).flatten(0, 1), n)
        best = best + step
        history.append(best)
        origins.append(origin.flatten(0, 1))
    reached = torch.stack(history)
    last = reached.gather(0, _last(reached, lengths))[0] + scores.end[:, None]
    totals, places = _top(last.flatten(0, 1), n)
    path = [places]
    for index in reversed(range(time - 1)):
        places = torch.where(index < lengths - 1, origins[index].gather(0, places), places)
        path.append(places)
    return (torch.stack(path[::-1]) % labels).permute(2, 1, 0), totals.T


def viterbi(emissions: Tensor, lengths: Tensor, scores: ChainScores) -> list[list[int]]:
    """The label sequence of the highest score of each row, as long as the row. Arguments as in `log_partition`."""
    paths, _ = best_paths(emissions, lengths, scores, 1)
    return [path[:length] for (path,), length in zip(paths.tolist(), lengths.tolist(), strict=True)]


def _forward(steps: Tensor, lengths: Tensor, scores: ChainScores) -> tuple[Tensor, Tensor, Tensor]:
    """Sum from the left. What grows with the time is kept apart, so that a long row loses no precision.

    Args:
        steps: emissions `(time, labels, batch)`.
        lengths: `(batch,)`.
        scores: of the chain.

    Returns:
        The log-sum over all ways to reach a label, before its own emission and up to a constant of the step,
        `(time, labels, batch)`; that over all sequences that end in a label `(labels, batch)`, up to the shift; the
        shift `(batch,)`.
    """
    transitions = scores.transitions[..., None]
    message = scores.start[:, None].expand(steps.shape[1:])
    messages, shifts = [message], [message.new_zeros(len(lengths))]
    for step in steps:
        message = ((message + step)[:, None] + transitions).logsumexp(0)
        shift = message.detach().amax(0)
        message = message - shift
        messages.append(message)
        shifts.append(shift)
    # The message behind the last step is dropped. It gives the transitions a gradient, of zero, even where every row
    # is of one step, without which training in several processes would stop.
    reached = torch.stack(messages)[:-1]
    ends = (reached + steps).gather(0, _last(steps, lengths))[0] + scores.end[:, None]
    return reached, ends, torch.stack(shifts).cumsum(0).gather(0, lengths[None] - 1)[0]


def _time_first(emissions: Tensor, lengths: Tensor) -> Tensor:
    """`(time, labels, batch)`, zero at padding."""
    padding = ~real_steps(lengths, emissions.shape[1])[..., None]
    return emissions.masked_fill(padding, 0.0).permute(1, 2, 0).contiguous()


def _last(steps: Tensor, lengths: Tensor) -> Tensor:
    """Index of each row's last real step in `(time, ..., batch)`, for `gather` and `scatter_`."""
    return (lengths - 1).expand(1, *steps.shape[1:])


def _top(candidates: Tensor, n: int) -> tuple[Tensor, Tensor]:
    """The n largest along the first dimension, and where they stand; for n = 1 `topk` is the slower way."""
    values, indices = candidates.max(0, keepdim=True) if n == 1 else candidates.topk(n, dim=0)
    return values, indices
