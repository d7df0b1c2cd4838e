"""A language model that counts: interpolated Kneser-Ney n-grams over token ids.

With c(h w) the count of token w after the context h, and h' the context without its first token,

    P(w | h) = max(c(h w) - D, 0) / c(h) + D * N(h) / c(h) * P(w | h')

where N(h) is the number of different tokens seen after h. Below the highest order c(h w) is not how often the n-gram
occurs but how many different tokens stand before it; below the lowest stands 1 / vocabulary. Each order has one
discount, D = n1 / (n1 + 2 n2), from the numbers of n-grams counted once and twice. Sources: Kneser and Ney 1995,
"Improved backing-off for m-gram language modeling"; Chen and Goodman 1999, "An empirical study of smoothing techniques
for language modeling".
"""

from collections.abc import Sequence

import numpy as np

from seqtasks.errors import DataError
from seqtasks.tasks.baselines.training_rows import check_training

Tokens = Sequence[int] | np.ndarray


class NGramModel:
    """Interpolated Kneser-Ney over token ids. Each sequence begins anew, behind marks that say so.

    An n-gram is one integer, its ids being the digits, so that counting is sorting and looking up is bisection.
    """

    def __init__(self, sequences: Sequence[Tokens], *, vocab_size: int, order: int = 3) -> None:
        """Count.

        Args:
            sequences: token ids, each from 0 to `vocab_size` - 1; the model ends a text only if the sequences end with
                an id that says so.
            vocab_size: number of ids.
            order: tokens in an n-gram, the predicted one included.

        Raises:
            DataError: there are no training rows or no tokens in them, or an id lies outside the vocabulary.
            ValueError: the order is below 1, or (vocabulary + 1) ** order is above 2 ** 63.
        """
        if order < 1 or (vocab_size + 1) ** order > 2**63:
            raise ValueError(
                f"n-gram model: order {order} and a vocabulary of {vocab_size:,} were given; an order of 1 or more and "
                "(vocabulary + 1) ** order of at most 2 ** 63 were expected; lower the order"
            )
        check_training("n-gram model", sequences)
        self.vocab_size = vocab_size
        self.order = order
        self._base = vocab_size + 1  # the last digit marks what stands before a sequence
        grams = np.concatenate([self._grams(sequence) for sequence in sequences])
        check_training("n-gram model", grams)
        levels = []
        grams, counts = np.unique(grams, return_counts=True)
        for length in range(order, 0, -1):
            levels.append(_Level(grams, counts, base=self._base))
            # The different longer n-grams that end in a shorter one: one for each token that stands before it.
            grams, counts = np.unique(grams % self._base ** (length - 1), return_counts=True)
        self._levels = levels[::-1]

    def log_probs(self, sequence: Tokens) -> np.ndarray:
        """The log-probability of each token after the tokens before it, `(tokens,)`, in nats.

        Raises:
            DataError: an id lies outside the vocabulary.
        """
        grams = self._grams(sequence)
        probabilities = np.full(len(grams), 1 / self.vocab_size)
        for length, level in enumerate(self._levels, start=1):
            probabilities = level.interpolate(grams % self._base**length, probabilities)
        return np.log(probabilities)

    def distribution(self, context: Tokens) -> np.ndarray:
        """The probability of each token after `context`, the whole of a sequence so far: `(vocabulary,)`."""
        start = [self.vocab_size] * (self.order - 1)
        history = [*start, *context][len(context) :]
        probabilities = np.full(self.vocab_size, 1 / self.vocab_size)
        for length, level in enumerate(self._levels):
            digits = history[self.order - 1 - length :]
            number = sum(int(token) * self._base**place for place, token in enumerate(reversed(digits)))
            probabilities = level.distribution(number, probabilities)
        return probabilities

    def sample(self, rng: np.random.Generator, *, end: int, max_length: int, prefix: Tokens = ()) -> list[int]:
        """Draw a sequence, token by token.

        Args:
            rng: where the draws come from.
            end: the id that ends a sequence.
            max_length: tokens to draw at most.
            prefix: how the sequence begins.

        Returns:
            The ids that follow the prefix, without `end`.
        """
        sequence = [int(token) for token in prefix]
        for _ in range(max_length):
            probabilities = self.distribution(sequence)
            token = int(rng.choice(self.vocab_size, p=probabilities / probabilities.sum()))
            if token == end:
                break
            sequence.append(token)
        return sequence[len(prefix) :]

    def _grams(self, sequence: Tokens) -> np.ndarray:
        """The n-gram of the highest order that ends at each token, as a number."""
        tokens = np.asarray(sequence, dtype=np.int64)
        outside = tokens[(tokens < 0) | (tokens >= self.vocab_size)]
        if len(outside):
            raise DataError(
                f"n-gram model: id {outside[0]} was given; ids from 0 to {self.vocab_size - 1} were expected; "
                "encode the text with the tokenizer that the vocabulary belongs to"
            )
        history = np.concatenate([np.full(self.order - 1, self.vocab_size), tokens])
        grams = np.zeros(len(tokens), dtype=np.int64)
        for place in range(self.order):
            grams = grams * self._base + history[place : place + len(tokens)]
        return grams


class _Level:
    """The counts of one order. N-grams are numbers in the given base; the last digit is the predicted token."""

    def __init__(self, grams: np.ndarray, counts: np.ndarray, *, base: int) -> None:
        self._base = base
        self._grams = grams  # sorted, so those of one context stand together
        self._contexts, self._first, self._different = np.unique(grams // base, return_index=True, return_counts=True)
        once, twice = (counts == 1).sum(), (counts == 2).sum()
        discount = once / (once + 2 * twice) if once else 0.5  # nothing to estimate it from: in the middle
        totals = np.add.reduceat(counts, self._first)
        self._seen = (np.maximum(counts - discount, 0)) / np.repeat(totals, self._different)
        self._backoff = discount * self._different / totals

    def interpolate(self, grams: np.ndarray, lower: np.ndarray) -> np.ndarray:
        """The probability of each n-gram's last token, `lower` being that of the order below."""
        context, known = _find(grams // self._base, self._contexts)
        gram, seen = _find(grams, self._grams)
        return np.where(known, self._backoff[context] * lower, lower) + np.where(seen, self._seen[gram], 0)

    def distribution(self, context: int, lower: np.ndarray) -> np.ndarray:
        """The probability of every token after one context, `lower` being those of the order below."""
        index, known = _find(np.array(context), self._contexts)
        if not known:
            return lower
        entries = slice(self._first[index], self._first[index] + self._different[index])
        probabilities = self._backoff[index] * lower
        probabilities[self._grams[entries] % self._base] += self._seen[entries]
        return probabilities


def _find(values: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each value stands in a sorted table, and whether it does."""
    index = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return index, table[index] == values
