"""A text for each input, written by an encoder, a step and a search."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.attributes import lexicalized
from seqtasks.data.placeholders import TOKENS, faithful, unmask
from seqtasks.data.tokenization import BOS, EOS, PAD, UNK, TextTokenizer
from seqtasks.hypothesis import Hypothesis
from seqtasks.prediction import Prediction
from seqtasks.runtime.network import Network, Values
from seqtasks.runtime.search import Floats, Ids, State, beam_search


class TextAnswers:
    """Answers with a text and its log-probability.

    Args:
        folder: with `tokenizer.json`.
        networks: `encoder` and `step`; see `seqtasks.export.networks`.
        num_beams: hypotheses followed at a time; 1 is greedy search.
        length_penalty: hypotheses are ranked by log-probability / length ** length_penalty.
        max_length: tokens, the end token included.
        vocab_size: tokens that can be written.
        restore: what tokens of a text stand for: `placeholders` of the source, `names` among the attributes, or None.
    """

    def __init__(
        self,
        folder: Path,
        networks: dict[str, Network],
        *,
        num_beams: int,
        length_penalty: float,
        max_length: int,
        vocab_size: int,
        restore: Literal["placeholders", "names"] | None,
    ) -> None:
        self._encoder, self._step = networks["encoder"], networks["step"]
        self._tokenizer = TextTokenizer.load(folder / "tokenizer.json")
        self._placeholders = frozenset(self._tokenizer.ids(TOKENS))
        self.num_beams, self.length_penalty, self.max_length = num_beams, length_penalty, max_length
        self._vocab_size, self._restore = vocab_size, restore

    def __call__(self, feed: Values, lengths: NDArray[np.int64], notes: Sequence[Any]) -> list[Prediction]:
        """Answer a batch."""
        chosen = [self._choose(found, note) for found, note in zip(self.search(feed), notes, strict=True)]
        texts = self._tokenizer.decode([tokens for tokens, _ in chosen])
        return [
            Prediction(self._finish(text, note), {"score": round(log_prob, 4)})
            for text, note, (_, log_prob) in zip(texts, notes, chosen, strict=True)
        ]

    def search(self, feed: Values) -> list[list[Hypothesis]]:
        """The best hypotheses for each input of a batch, best first."""
        encoded = self._encoder(feed)
        state = State(_named(encoded, "state_"), _named(encoded, "memory_"))
        return beam_search(
            self._advance,
            state,
            batch_size=len(encoded["state_0"]),
            bos_id=BOS,
            eos_id=EOS,
            num_beams=self.num_beams,
            max_length=self.max_length,
            length_penalty=self.length_penalty,
            forbidden_ids=(PAD, UNK, BOS),
        )

    def _advance(self, tokens: Ids, state: State, n: int) -> tuple[Floats, Ids, State]:
        candidates = np.array([min(n, self._vocab_size)])
        found = self._step({"tokens": tokens, "candidates": candidates, **state.hypotheses, **state.memory})
        after = {name.replace("next_", "state_"): value for name, value in _named(found, "next_").items()}
        return found["log_probs"], found["ids"], State(after, state.memory)

    def _choose(self, found: Sequence[Hypothesis], note: Any) -> tuple[list[int], float]:
        """The tokens of the answer, and its log-probability."""
        if self._restore != "placeholders":
            return found[0].tokens, found[0].log_prob
        source, _ = note
        if source == [EOS]:  # there is nothing to translate
            return [], found[0].log_prob
        best = found[faithful([hypothesis.tokens for hypothesis in found], source, self._placeholders)]
        return best.tokens, best.log_prob

    def _finish(self, text: str, note: Any) -> str:
        if self._restore == "placeholders":
            return unmask(text, note[1])
        return lexicalized(text, note) if self._restore == "names" else text


def _named(values: Values, prefix: str) -> Values:
    return {name: value for name, value in values.items() if name.startswith(prefix)}
