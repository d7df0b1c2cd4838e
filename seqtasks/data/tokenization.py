"""Text to token ids and back, on top of Hugging Face `tokenizers`.

A tokenizer is fitted on the training rows and stored as `tokenizer.json`, which any program that uses
`tokenizers` can read. Four special tokens come first, so their ids are constants.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from seqtasks.data.ragged import Ragged
from seqtasks.data.streaming import chunks, stream
from seqtasks.errors import RunError
from seqtasks.files import write_text

if TYPE_CHECKING:
    from seqtasks.recipe.blocks import TokenizerBlock

PAD, UNK, BOS, EOS = range(4)
SPECIAL_TOKENS = ["<pad>", "<unk>", "<s>", "</s>"]


class TextTokenizer:
    """A fitted tokenizer.

    Args:
        tokenizer: its special tokens have the ids `PAD`, `UNK`, `BOS`, `EOS`.
        max_length: texts are cut after this many tokens; None: never.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_length: int | None = None) -> None:
        self._tokenizer = tokenizer
        # A text that happens to contain "<s>" means these three characters.
        self._tokenizer.encode_special_tokens = True
        self.max_length = max_length
        # Only there can a word of a text look like a special token; <unk> is then meant, the others are not.
        self._splits_at_spaces = isinstance(tokenizer.pre_tokenizer, pre_tokenizers.WhitespaceSplit)

    @classmethod
    def fit(
        cls,
        texts: Iterable[str],
        block: "TokenizerBlock",
        *,
        whole_tokens: Sequence[str] = (),
        further_words: Sequence[str] = (),
    ) -> "TextTokenizer":
        """Learn a vocabulary.

        Args:
            texts: the training texts; read once, so they need not be in memory.
            block: which model, how large.
            whole_tokens: further tokens that are never split; they count towards the vocabulary's size.
            further_words: of models of words: known without training; they take the places that are left in the
                vocabulary, the first ones first.
        """
        tokenizer, trainer = _untrained(block, vocab_size=block.vocab_size - len(whole_tokens))
        tokenizer.train_from_iterator(stream(texts), trainer)
        if block.model == "whitespace" or further_words:
            tokenizer.model = _word_level(tokenizer, further_words, limit=block.vocab_size)
        tokenizer.add_tokens([AddedToken(token, normalized=False) for token in whole_tokens])
        return cls(tokenizer, max_length=block.max_length)

    @classmethod
    def load(cls, path: Path, *, max_length: int | None = None) -> "TextTokenizer":
        """Read `tokenizer.json`.

        Raises:
            RunError: the file is missing or damaged.
        """
        try:
            return cls(Tokenizer.from_file(str(path)), max_length=max_length)
        except Exception as error:  # tokenizers raises bare Exception
            raise RunError(f"{path}: cannot be read ({error}); expected a tokenizer; train the run again") from None

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`."""
        write_text(path, self._tokenizer.to_str(pretty=True))

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def encode(self, texts: Iterable[str], *, end: bool = False) -> tuple[Ragged, NDArray[np.bool_]]:
        """Texts to ids.

        Args:
            texts: any texts, read once; an empty one becomes a single unknown token, so that there is a step to run.
            end: put the end token behind each text.

        Returns:
            The ids and, for each text, whether it was cut at `max_length`.
        """
        cut: list[bool] = []

        def rows() -> Iterator[list[int]]:
            for chunk in chunks(texts):
                for encoding in self._tokenizer.encode_batch_fast(chunk, add_special_tokens=False):
                    ids = encoding.ids
                    cut.append(self.max_length is not None and len(ids) > self.max_length)
                    if cut[-1]:
                        ids = ids[: self.max_length]
                    if self._splits_at_spaces:
                        ids = [UNK if token in (PAD, BOS, EOS) else token for token in ids]
                    yield [*ids, EOS] if end else ids or [UNK]

        return Ragged.from_rows(rows()), np.array(cut, dtype=bool)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where each token that `encode` gives stands in a text: its first character, and the one behind its last."""
        found = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return found[: self.max_length]

    @property
    def vocabulary(self) -> list[str]:
        """All tokens, in the order of their ids."""
        ids = self._tokenizer.get_vocab()
        return sorted(ids, key=ids.__getitem__)

    def halves(self) -> NDArray[np.int32]:
        """The two tokens that byte-pair encoding merges into each, `(vocabulary, 2)`; -1 where it is not a merge."""
        halves = np.full((len(self), 2), -1, dtype=np.int32)
        merges = json.loads(self._tokenizer.to_str())["model"].get("merges", [])
        for left, right in reversed(merges):  # where several merges give one token, the first one counts
            halves[self._tokenizer.token_to_id(left + right)] = self.ids([left, right])
        return halves

    def decode(self, rows: Sequence[Sequence[int]]) -> list[str]:
        """Ids to texts, without special tokens; the inverse of `encode` up to spacing and unknown tokens."""
        return [text.strip() for text in self._tokenizer.decode_batch([list(row) for row in rows])]

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """Ids of tokens as they are written in the vocabulary; unknown ones become the unknown id."""
        found = map(self._tokenizer.token_to_id, tokens)
        return [UNK if token is None else token for token in found]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The tokens as they are written in the vocabulary."""
        return [self._tokenizer.id_to_token(int(token)) or SPECIAL_TOKENS[UNK] for token in ids]


def _word_level(tokenizer: Tokenizer, further_words: Sequence[str], *, limit: int) -> models.WordLevel:
    """The trained words, and further ones up to a limit, behind the special tokens.

    A word of a text that looks like a special token has got that one's place in training; here it has none.
    """
    ids = tokenizer.get_vocab()
    trained = [*SPECIAL_TOKENS, *sorted(ids, key=ids.__getitem__)]
    words = list(dict.fromkeys([*trained, *further_words]))[: max(limit, len(set(trained)))]
    return models.WordLevel({word: index for index, word in enumerate(words)}, unk_token=SPECIAL_TOKENS[UNK])


def _untrained(block: "TokenizerBlock", *, vocab_size: int) -> tuple[Tokenizer, trainers.Trainer]:
    unknown = SPECIAL_TOKENS[UNK]
    common: dict[str, Any] = {
        "vocab_size": vocab_size,
        "special_tokens": SPECIAL_TOKENS,
        "show_progress": False,
    }
    trainer: trainers.Trainer
    if block.model in ("word", "whitespace", "character"):
        tokenizer = Tokenizer(models.WordLevel(unk_token=unknown))
        trainer = trainers.WordLevelTrainer(min_frequency=block.min_frequency, **common)
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=unknown))
        trainer = trainers.BpeTrainer(min_frequency=block.min_frequency, **common)
    if block.model == "word":
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    elif block.model == "whitespace":
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    elif block.model == "character":
        tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
        tokenizer.decoder = decoders.Fuse()
    else:
        # Metaspace marks where a space stood, so decoding restores the text; punctuation and digits are split off,
        # so that "invalid" and "invalid." share a token.
        splitters = [
            pre_tokenizers.Metaspace(prepend_scheme="first"),
            pre_tokenizers.Punctuation("isolated"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(splitters)
        tokenizer.decoder = decoders.Metaspace()
    lowercase = [normalizers.Lowercase()] if block.lowercase else []
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), *lowercase])
    return tokenizer, trainer
