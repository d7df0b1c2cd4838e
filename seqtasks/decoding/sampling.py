"""Sampling: the next token is drawn from the decoder's distribution, sharpened or cut as asked.

Sources: top-k, Fan et al. 2018, arXiv:1805.04833; top-p (nucleus), Holtzman et al. 2020, arXiv:1904.09751.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from seqtasks.decoding.greedy import follow
from seqtasks.decoding.step import S, Step, require, token_ids
from seqtasks.hypothesis import Hypothesis


def sample(
    step: Step[S],
    state: S,
    *,
    batch_size: int,
    bos_id: int,
    eos_id: int,
    max_length: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    top_k: int = 0,
    top_p: float = 1.0,
    forbidden_ids: Iterable[int] = (),
    device: torch.device | str = "cpu",
) -> list[Hypothesis]:
    """Draw one text per sentence.

    All random numbers are drawn beforehand, one per sentence and position, so what a sentence draws depends
    on its place in the batch but not on when the others end. `log_prob` is the decoder's own, before
    temperature and cuts.

    Args:
        step: the decoder.
        state: its state before the first token, with one hypothesis per sentence.
        batch_size: B, the number of sentences.
        bos_id: the token that every text begins with.
        eos_id: the token that ends a text.
        max_length: tokens, the end token included, after which a text is cut.
        generator: the source of randomness; it may lie on another device than the state.
        temperature: log-probabilities are divided by it; below 1 sharpens, above 1 flattens.
        top_k: only so many most probable tokens are drawn from; 0 means all.
        top_p: only the fewest most probable tokens whose probabilities reach this sum are drawn from; it
            applies after temperature and `top_k`, and always leaves one token.
        forbidden_ids: tokens that are never produced.
        device: where the state lies.

    Returns:
        One hypothesis per sentence.

    Raises:
        RecipeError: a setting is out of range.
        DivergedError: log-probabilities are NaN, or leave no token to choose.
    """
    require("max_length", max_length, accepted=max_length >= 1, expected="at least 1")
    require("temperature", temperature, accepted=0 < temperature < float("inf"), expected="a number above 0")
    require("top_k", top_k, accepted=top_k >= 0, expected="at least 1, or 0 for no limit")
    require("top_p", top_p, accepted=0 < top_p <= 1, expected="above 0 and at most 1")
    forbidden = token_ids(forbidden_ids, device=device)
    uniform = torch.rand(batch_size, max_length, generator=generator, device=generator.device).to(device)

    def choose(log_probs: Tensor, rows: Tensor, position: int) -> tuple[Tensor, Tensor]:
        return draw_token(
            log_probs,
            uniform[rows, position],
            forbidden=forbidden,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
        )

    return follow(
        step,
        state,
        choose,
        batch_size=batch_size,
        bos_id=bos_id,
        eos_id=eos_id,
        max_length=max_length,
        device=device,
    )


def draw_token(
    log_probs: Tensor, uniform: Tensor, *, forbidden: Tensor, temperature: float, top_k: int, top_p: float
) -> tuple[Tensor, Tensor]:
    """Draw the next token of each sentence.

    Args:
        log_probs: (B, V) of the next token.
        uniform: (B,) in [0, 1), which decide.
        forbidden: (F,) ids that are never produced.
        temperature: see `sample`, as the others.
        top_k: so many most probable tokens.
        top_p: the most probable tokens of this share.

    Returns:
        Log-probabilities of the drawn tokens, the decoder's own, and their ids, both (B,).
    """
    log_probs = log_probs.float().index_fill(-1, forbidden, float("-inf"))
    values, ids = log_probs.topk(min(top_k or log_probs.size(-1), log_probs.size(-1)))
    probs = (values / temperature).softmax(-1)
    index = draw(probs, top_p=top_p, uniform=uniform).unsqueeze(-1)
    return values.gather(-1, index).squeeze(-1), ids.gather(-1, index).squeeze(-1)


def draw(probs: Tensor, *, top_p: float, uniform: Tensor) -> Tensor:
    """Invert the distribution function of the nucleus.

    Args:
        probs: (B, N), falling along N. A row of NaN, which is what a temperature next to 0 leaves after
            overflow, gives index 0, the most probable.
        top_p: the share of the probability that the nucleus reaches.
        uniform: (B,) in [0, 1).

    Returns:
        (B,) long indices into N; none has probability 0.
    """
    cumulative = probs.cumsum(-1)
    # A token belongs to the nucleus if those before it do not reach top_p. Rounding may leave the sum of all a
    # little below 1 or lift the threshold to it; neither must let in a token of probability 0.
    nucleus = (cumulative - probs < top_p) & (probs > 0)
    last = (nucleus.sum(-1, keepdim=True) - 1).clamp(min=0)
    threshold = uniform.unsqueeze(-1) * cumulative.gather(-1, last)
    return torch.minimum((cumulative <= threshold).sum(-1), last.squeeze(-1))
