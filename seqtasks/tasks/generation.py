"""From a decoder to texts: search or sampling for a batch, and the padding of target texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from seqtasks.backbone import IGNORE_INDEX, Encoding, Inputs, State, Tokens
from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import BOS, EOS, PAD, UNK
from seqtasks.decoding import Hypothesis, beam_search, draw_token, greedy, sample
from seqtasks.heads import DecoderHead, EnsembleDecoderHead
from seqtasks.recipe.blocks import DecodingBlock
from seqtasks.tasks.model import SequenceModel

_NEVER_WRITTEN = (PAD, UNK, BOS)


def decode(
    model: SequenceModel,
    inputs: Inputs,
    block: DecodingBlock,
    *,
    greedily: bool = False,
) -> list[list[Hypothesis]]:
    """Write texts for each input of a batch: the best ones of a beam, best first, or the only one.

    Args:
        model: with a decoder head.
        inputs: on the model's device.
        block: how to search.
        greedily: take the most probable token at every step, whatever `block` says.
    """
    if not greedily and not block.do_sample and block.num_beams > 1:
        return search(model, inputs, block)
    step, state, common = _begin(model, inputs, block)
    if greedily or not block.do_sample:
        return [[found] for found in greedy(step, state, **common)]
    options = block.model_dump(include={"temperature", "top_k", "top_p"})
    return [[found] for found in sample(step, state, generator=torch.default_generator, **options, **common)]


def search(model: SequenceModel, inputs: Inputs, block: DecodingBlock) -> list[list[Hypothesis]]:
    """Beam search for each input of a batch, also with one beam; best first."""
    step, state, common = _begin(model, inputs, block)
    options = block.model_dump(include={"num_beams", "length_penalty"})
    return beam_search(step, state, num_return_sequences=block.num_beams, **options, **common)


def _begin(model: SequenceModel, inputs: Inputs, block: DecodingBlock) -> tuple[Any, Any, dict[str, Any]]:
    """The decoder's step, its first state, and the arguments that all ways to decode have in common."""
    if not isinstance(model.head, DecoderHead | EnsembleDecoderHead):
        raise TypeError(f"model.head: {type(model.head).__name__} writes no text; expected a DecoderHead")
    head: Any = model.head
    encoding = model.encode(inputs)
    common: dict[str, Any] = {
        "batch_size": len(encoding.lengths),
        "bos_id": BOS,
        "eos_id": EOS,
        "max_length": block.max_length,
        "forbidden_ids": _NEVER_WRITTEN,
        "device": encoding.states.device,
    }
    return head.step, head.begin(encoding), common


@dataclass(frozen=True)
class _Continuation:
    """The state of a language model, each tensor `(texts, hidden)`; None: it has read nothing."""

    layers: State | None

    def reorder(self, beams: torch.Tensor) -> Self:
        return self  # a text is not taken for another: nothing is searched

    def keep(self, sentences: torch.Tensor) -> Self:
        return type(self)(tuple(tuple(part[sentences] for part in layer) for layer in self.layers or ()))


@torch.inference_mode()
def continue_text(model: SequenceModel, prompt: list[int], block: DecodingBlock, *, samples: int) -> list[list[int]]:
    """Draw tokens behind a prompt until the end token or `block.max_length`.

    Args:
        model: a language model.
        prompt: token ids, one at least.
        block: how to draw.
        samples: texts to write.
    """
    device = next(model.parameters()).device
    step, state = _begin_text(model, prompt, samples=samples)
    options = block.model_dump(include={"temperature", "top_k", "top_p", "max_length"})
    found = sample(
        step,
        state,
        batch_size=samples,
        bos_id=prompt[-1],
        eos_id=EOS,
        forbidden_ids=_NEVER_WRITTEN,
        generator=torch.default_generator,
        device=device,
        **options,
    )
    return [hypothesis.tokens for hypothesis in found]


@torch.inference_mode()
def continue_slowly(model: SequenceModel, prompt: list[int], block: DecodingBlock) -> Iterator[tuple[int, float]]:
    """One text as `continue_text` draws it, token by token as it is written.

    Args:
        model: a language model.
        prompt: token ids, one at least.
        block: how to draw.

    Yields:
        Each token, the end token included, and the log-probability that the model gives it.
    """
    device = next(model.parameters()).device
    step, state = _begin_text(model, prompt, samples=1)
    forbidden = torch.tensor(_NEVER_WRITTEN, device=device)
    options = block.model_dump(include={"temperature", "top_k", "top_p"})
    uniform, token = torch.rand(1, block.max_length).to(device), prompt[-1]
    for position in range(block.max_length):
        log_probs, state = step(torch.tensor([[token]], device=device), state)
        values, ids = draw_token(log_probs[:, 0], uniform[:, position], forbidden=forbidden, **options)
        token = int(ids[0])
        yield token, float(values[0])
        if token == EOS:
            return


def _begin_text(model: SequenceModel, prompt: list[int], *, samples: int) -> tuple[Any, _Continuation]:
    """The step of a language model, and its state before the last token of a prompt, which is the first to be read."""
    device = next(model.parameters()).device

    def read(ids: torch.Tensor, state: State | None) -> Encoding:
        return model.read_on(Tokens(ids, torch.full(ids.shape[:1], ids.shape[1], device=device)), state)

    def step(tokens: torch.Tensor, state: _Continuation) -> tuple[torch.Tensor, _Continuation]:
        encoding = read(tokens.view(-1, 1), state.layers)
        logits = model.head(encoding).logits.view(*tokens.shape, -1)
        return logits.log_softmax(-1), _Continuation(encoding.state)

    ids = torch.tensor([prompt], device=device)
    state = read(ids[:, :-1], None).state if len(prompt) > 1 else None
    layers = None if state is None else tuple(tuple(part.expand(samples, -1) for part in layer) for layer in state)
    return step, _Continuation(layers)


def pad_targets(targets: Ragged | None, rows: NDArray[np.int64]) -> torch.Tensor | None:
    """Target ids `(batch, time)`, `IGNORE_INDEX` behind each end."""
    return None if targets is None else torch.from_numpy(targets.pad(rows, IGNORE_INDEX)[0])


def nats(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Negative log-likelihood of each row's targets.

    Args:
        logits: `(batch, time, vocabulary)`.
        targets: `(batch, time)`, `IGNORE_INDEX` at padding.

    Returns:
        `(batch,)`.
    """
    losses = torch.nn.functional.cross_entropy(
        logits.transpose(1, 2).float(), targets, ignore_index=IGNORE_INDEX, reduction="none"
    )
    return losses.sum(1)
