"""Writes a data set once in the form that every contestant reads, so that all of them read the same.

Texts are cut into tokens here, by one tokenizer, and written with spaces between them; the vocabulary is written beside
them. What a tool would do to raw text is therefore not measured, and every model has the same rows and the same ids to
choose from.

translation      {train,valid,test}.{src,trg}, vocabulary.txt
tagging          {train,valid,test}.txt, a word and its tag a line; vocabulary.txt, tags.txt
classification   {train,valid,test}.txt, each line a label and 100 words; vocabulary.txt
all              {train,valid,test}.jsonl, which seqtasks reads
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness import REPOSITORY

from seqtasks.data.placeholders import TOKENS as PLACEHOLDERS
from seqtasks.data.tokenization import TextTokenizer
from seqtasks.recipe import load_recipe
from seqtasks.recipe.blocks import TokenizerBlock
from seqtasks.tasks import task_class
from seqtasks.tasks.rows import load_rows

Rows = list[dict[str, Any]]

RECIPES = {"translation": "translate", "tagging": "pos", "classification": "sentiment"}
"""The shipped recipe of each task, whose data set is the default."""

VOCABULARY = {"translation": 8_000, "tagging": 50_000, "classification": 30_000}
"""Sub-words of both languages (translation), or words (else), at most."""

ROLES = {"translation": ("source", "target"), "tagging": ("tokens", "tags"), "classification": ("text", "label")}
LONGEST = 60
"""Texts of more tokens are left out of translation."""

FIXED_LENGTH = 100
"""Words of each text in classification."""

VALIDATION_ROWS = 8
"""As few as a tool will take: validation is not measured."""


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say what is read: `task`, `--data` and `--columns`."""
    parser.add_argument("task", choices=RECIPES)
    parser.add_argument("--data", help="a data set in the Hub's layout; default: that of the shipped recipe")
    parser.add_argument("--columns", nargs=2, help="its columns: source target, words tags, or text label")


def write_data(arguments: argparse.Namespace, folder: Path, *, validation_rows: int = VALIDATION_ROWS) -> None:
    """Read a data set and write it in all forms.

    Args:
        arguments: what `add_data_arguments` has added.
        folder: to write into.
        validation_rows: few where validation is not what is measured.
    """
    task, path, columns = arguments.task, arguments.data, arguments.columns
    overrides = [] if path is None else [f"dataset.path={Path(path).resolve()}", "dataset.name=null"]
    overrides += [f"dataset.columns.{role}={column}" for role, column in zip(ROLES[task], columns or (), strict=False)]
    recipe = load_recipe(REPOSITORY / "recipes" / f"{RECIPES[task]}.yaml", overrides)
    splits, _ = load_rows(task_class(recipe), recipe)
    rows = {name: [dict(row) for row in split] for name, split in splits.items()}
    prepare = {"translation": _translation, "tagging": _tagging, "classification": _classification}[task]
    valid = rows["validation"][:validation_rows]
    prepare({"train": rows["train"], "valid": valid, "test": rows["test"]}, folder, VOCABULARY[task])


def _translation(splits: dict[str, Rows], folder: Path, vocab_size: int) -> None:
    for rows in splits.values():
        for row in rows:
            row.update({side: " ".join(row[side].split()) for side in ("source", "target")})
    texts = [row[side] for row in splits["train"] for side in ("source", "target")]
    tokenizer = TextTokenizer.fit(texts, TokenizerBlock(model="bpe", vocab_size=vocab_size))
    seen: Counter[str] = Counter()
    for name, rows in splits.items():
        sides = {side: _cut([row[side] for row in rows], tokenizer) for side in ("source", "target")}
        pairs = [pair for pair in zip(*sides.values(), strict=True) if pair[0] and max(map(len, pair)) <= LONGEST]
        texts = [{side: " ".join(tokens) for side, tokens in zip(sides, pair, strict=True)} for pair in pairs]
        _write(folder / f"{name}.src", (row["source"] for row in texts))
        _write(folder / f"{name}.trg", (row["target"] for row in texts))
        _write_json(folder, name, texts)
        if name == "train":
            seen.update(token for pair in pairs for tokens in pair for token in tokens)
    # seqtasks has these in every vocabulary of a translation; so that all are of one size, the others have them too.
    _write(folder / "vocabulary.txt", [*PLACEHOLDERS, *(token for token, _ in seen.most_common())])


def _cut(texts: list[str], tokenizer: TextTokenizer) -> list[list[str]]:
    ids, _ = tokenizer.encode(texts)
    return [[token for token in tokenizer.tokens(ids[row]) if token != "<unk>"] for row in range(len(texts))]


def _tagging(splits: dict[str, Rows], folder: Path, vocab_size: int) -> None:
    words = Counter(word for row in splits["train"] for word in row["tokens"])
    frequent = [word for word, count in words.most_common(vocab_size) if count > 1]
    _write(folder / "vocabulary.txt", frequent)
    _write(folder / "tags.txt", sorted({tag for row in splits["train"] for tag in row["tags"]}))
    for name, rows in splits.items():
        kept = [row for row in rows if row["tokens"]]
        # A tool may split a line at spaces, and some words have one inside.
        for row in kept:
            row["tokens"] = ["_".join(word.split()) or "_" for word in row["tokens"]]
        sentences = (zip(row["tokens"], row["tags"], strict=True) for row in kept)
        _write(folder / f"{name}.txt", ("\n".join(map(" ".join, sentence)) + "\n" for sentence in sentences))
        _write_json(folder, name, ({"tokens": row["tokens"], "tags": row["tags"]} for row in kept))


def _classification(splits: dict[str, Rows], folder: Path, vocab_size: int) -> None:
    for name, rows in splits.items():
        texts = _joined(rows)
        _write(folder / f"{name}.txt", (f"{label} {' '.join(words)}" for label, words in texts))
        _write_json(folder, name, ({"text": " ".join(words), "label": label} for label, words in texts))
        if name == "train":
            seen = Counter(word for _, words in texts for word in words)
            _write(folder / "vocabulary.txt", (word for word, count in seen.most_common(vocab_size) if count > 1))


def _joined(rows: Rows) -> list[tuple[str, list[str]]]:
    """The words of all texts of a label, cut into texts of one length, the labels in turns: there is no padding."""
    streams: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        streams[str(row["label"])] += row["text"].lower().split()
    texts = [
        (start, label, words[start : start + FIXED_LENGTH])
        for label, words in streams.items()
        for start in range(0, len(words) - FIXED_LENGTH + 1, FIXED_LENGTH)
    ]
    return [(label, words) for _, label, words in sorted(texts)]


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _write_json(folder: Path, name: str, rows: Iterable[dict[str, Any]]) -> None:
    _write(folder / f"{name}.jsonl", (json.dumps(row, ensure_ascii=False) for row in rows))
