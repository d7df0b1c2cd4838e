"""What the tasks with a text decoder share: writing texts for a batch, and padding their targets."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from seqtasks.backbone import IGNORE_INDEX, Images, Tokens
from seqtasks.data.ragged import Ragged
from seqtasks.data.tokenization import BOS, EOS, PAD, UNK
from seqtasks.decoding import Hypothesis, beam_search, greedy, sample
from seqtasks.heads import DecoderHead
from seqtasks.recipe.blocks import DecodingBlock
from seqtasks.tasks.model import SequenceModel


def decode(
    model: SequenceModel,
    inputs: Tokens | Images,
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
    head = model.head
    if not isinstance(head, DecoderHead):
        raise TypeError(f"model.head: {type(head).__name__} writes no text; expected a DecoderHead")
    encoding = model.encode(inputs)
    common: dict[str, Any] = {
        "batch_size": len(encoding.lengths),
        "bos_id": BOS,
        "eos_id": EOS,
        "max_length": block.max_length,
        "forbidden_ids": (PAD, UNK, BOS),
        "device": encoding.states.device,
    }
    state = head.begin(encoding)
    if greedily or (block.num_beams == 1 and not block.do_sample):
        return [[found] for found in greedy(head.step, state, **common)]
    if block.do_sample:
        options = block.model_dump(include={"temperature", "top_k", "top_p"})
        return [[found] for found in sample(head.step, state, generator=torch.default_generator, **options, **common)]
    options = block.model_dump(include={"num_beams", "length_penalty"})
    return beam_search(head.step, state, num_return_sequences=block.num_beams, **options, **common)


def pad_targets(targets: Ragged | None, rows: NDArray[np.int64]) -> torch.Tensor | None:
    """Target ids `(batch, time)`, `IGNORE_INDEX` behind each end."""
    return None if targets is None else torch.from_numpy(targets.pad(rows, IGNORE_INDEX)[0])


def text_records(
    inputs: Sequence[str],
    references: Sequence[Sequence[str]],
    predictions: Sequence[str],
    *,
    log_probs: Sequence[float],
    lengths: Sequence[int],
) -> list[dict[str, object]]:
    """The lines of `predictions.jsonl` of a task that writes texts."""
    columns = zip(inputs, references, predictions, log_probs, lengths, strict=True)
    return [
        {
            "index": index,
            "input": text,
            "reference": list(reference),
            "prediction": prediction,
            "score": log_prob,
            "length": length,
        }
        for index, (text, reference, prediction, log_prob, length) in enumerate(columns)
    ]
