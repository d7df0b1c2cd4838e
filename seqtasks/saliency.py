"""Which words of a text speak for a label, and which against it: `seqtasks.saliency`.

Integrated gradients (Sundararajan et al. 2017, arXiv:1703.01365). Simonyan et al. 2013 (arXiv:1312.6034) take the
gradient of a class score at the input, which is next to zero where the network is sure of itself. Here gradients are
averaged on the straight way from an empty text, whose vectors are all zero as those of padding are, to the vectors x of
the tokens:

    contribution_t = x_t . mean over a in (0, 1) of dF(a x) / dx_t        F(x) = log p(label) - log (1 - p(label))

The contributions of all words sum to F(x) - F(0): by how much the text has changed the odds of the label.
"""

import re
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from seqtasks.backbone import Tokens
from seqtasks.errors import RunError
from seqtasks.predictor import Predictor
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.readers import TextReader

_WORD = re.compile(r"\w+|[^\w\s]")
_FEWEST_STEPS, _MOST_STEPS = 32, 1024
_TOLERANCE = 0.01
"""Share of the change of the log-odds (at least of one nat) that the contributions may miss."""
_TOKENS_AT_ONCE = 4096


@dataclass(frozen=True)
class Saliency:
    """What the words of a text have contributed to a label.

    Attributes:
        label: whose log-odds are explained.
        words: words and punctuation marks, in their order.
        spans: of each word the place of its first character in the text, and of the one behind its last.
        contributions: of each word, in nats: above 0 it speaks for the label, below 0 against it.
        log_odds: of the label, given the text.
        empty: log-odds of the label before anything is read.
    """

    label: str
    words: list[str]
    spans: list[tuple[int, int]]
    contributions: list[float]
    log_odds: float
    empty: float


def saliency(predictor: Predictor, text: str, *, label: str | None = None) -> Saliency:
    """Explain a classifier's answer to a text by integrated gradients.

    Args:
        predictor: of one run whose task is classification.
        text: what is classified. What lies behind `tokenizer.max_length` contributes nothing.
        label: to be explained; None: the most probable one.

    Raises:
        RunError: the predictor answers otherwise, or it has no such label.

    Examples:
        >>> saliency(seqtasks.load("runs/sentiment"), "not a good film").contributions  # doctest: +SKIP
        [-2.6, -0.1, 1.4, -0.3]
    """
    task, model = predictor.task, predictor.model
    if not isinstance(task, Classification) or not isinstance(task.reader, TextReader) or not hasattr(model, "input"):
        raise RunError(f"saliency: {task.name} was given; expected one run that labels texts; give another run")
    names = task.labels.names
    if label is not None and label not in names:
        raise RunError(f'saliency: the label "{label}" was given; expected one of {", ".join(names)}; choose one')
    inputs: Any = task.collate(task.encode_inputs([text]), torch.zeros(1, dtype=torch.long).numpy()).inputs
    tokens: Tokens = inputs.to(next(model.parameters()).device)
    with torch.no_grad():
        vectors = model.input(tokens)
        ends = _logits(model, torch.cat([vectors, torch.zeros_like(vectors)]), tokens.lengths)
    index = int(ends[0].argmax()) if label is None else names.index(label)
    log_odds, empty = _log_odds(ends, index).tolist()
    by_token = _integrated_gradients(model, vectors, tokens.lengths, index, change=log_odds - empty)
    spans = [match.span() for match in _WORD.finditer(text)]
    # The token of a word in the middle of a text may begin with the space before it.
    starts = [end - len(text[start:end].lstrip()) for start, end in task.reader.tokenizer.spans(text)]
    contributions = _by_word(by_token, starts, spans)
    return Saliency(names[index], [text[slice(*span)] for span in spans], spans, contributions, log_odds, empty)


def _logits(model: Any, vectors: Tensor, lengths: Tensor) -> Tensor:
    """Scores `(batch, labels)` of token vectors `(batch, time, features)` that are all as long."""
    output: Tensor = model.head(model.backbone(vectors, lengths.expand(len(vectors)))).logits
    return output


def _log_odds(logits: Tensor, index: int) -> Tensor:
    """Of one label, `(batch,)`; 0 where there is no other."""
    others = torch.cat([logits[:, :index], logits[:, index + 1 :]], dim=1)
    return logits[:, index] - others.logsumexp(1) if others.shape[1] else logits[:, index] * 0.0


def _integrated_gradients(model: Any, vectors: Tensor, lengths: Tensor, index: int, *, change: float) -> list[float]:
    """The contribution of each token of one text; steps are doubled until they sum to the change of the log-odds."""
    steps = _FEWEST_STEPS
    while True:
        gradient = torch.zeros_like(vectors[0])
        for places in ((torch.arange(steps) + 0.5) / steps).split(max(1, _TOKENS_AT_ONCE // vectors.shape[1])):
            gradient += _gradients(model, places.to(vectors)[:, None, None] * vectors, lengths, index).sum(0)
        found = (vectors[0] * gradient / steps).sum(-1)
        if abs(float(found.sum()) - change) <= _TOLERANCE * max(1.0, abs(change)) or steps >= _MOST_STEPS:
            return found.tolist()
        steps *= 2


def _gradients(model: Any, vectors: Tensor, lengths: Tensor, index: int) -> Tensor:
    """Of the log-odds by the token vectors, of the same shape."""
    vectors.requires_grad_()
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN has no gradient outside of training
        (found,) = torch.autograd.grad(_log_odds(_logits(model, vectors, lengths), index).sum(), vectors)
    return found


def _by_word(by_token: list[float], starts: list[int], words: list[tuple[int, int]]) -> list[float]:
    """Contributions of tokens added up; a token belongs to the word that it begins in, or before."""
    found = [0.0] * len(words)
    word = 0
    for value, start in zip(by_token, starts, strict=False):  # a text without a token is read as an unknown one
        while word < len(words) - 1 and words[word][1] <= start:
            word += 1
        if found:
            found[word] += value
    return found
