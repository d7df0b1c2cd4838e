"""Tiny data sets as folders of Parquet files, and a recipe for each task."""

import random
from pathlib import Path

from click.testing import CliRunner, Result
from datasets import Dataset, Features, Image, Value
from PIL import Image as Picture

from seqtasks.cli import main

SPLITS = {"train": 60, "validation": 12, "test": 12}
TASKS = ("classification", "tagging", "captioning", "translation")
COLUMNS = {
    "classification": "{text: review, label: verdict}",
    "tagging": "{tokens: words, tags: upos}",
    "captioning": "{image: picture, caption: name}",
    "translation": "{source: translation.en, target: translation.fr}",
}
MODELS = {
    "classification": "backbone: {hidden_size: 8}\ninput: {embedding_size: 8}\ntokenizer: {min_frequency: 1}",
    "tagging": "backbone: {hidden_size: 8}\n"
    "input: {embedding_size: 8, characters: {embedding_size: 4, hidden_size: 4}}",
    "captioning": "input: {size: 8, channels: [4]}\nhead: {embedding_size: 8, hidden_size: 8}\n"
    "decoding: {num_beams: 2, max_length: 6}\ntokenizer: {min_frequency: 1}",
    "translation": "backbone: {hidden_size: 8}\ninput: {embedding_size: 8}\nhead: {embedding_size: 8, hidden_size: 8}\n"
    "decoding: {num_beams: 2, max_length: 6}\ntokenizer: {vocab_size: 60}",
}
WORDS = {"film": "NOUN", "story": "NOUN", "good": "ADJ", "bad": "ADJ", "is": "VERB", "was": "VERB", "the": "DET"}
FRENCH = {
    "film": "film",
    "story": "histoire",
    "good": "bon",
    "bad": "mauvais",
    "is": "est",
    "was": "était",
    "the": "le",
}


def make_rows(task: str, count: int, seed: int) -> Dataset:
    draw = random.Random(f"{task} {seed}")
    sentences = [draw.choices(list(WORDS), k=draw.randint(1, 6)) for _ in range(count)]
    if task == "classification":
        texts = [" ".join(words) for words in sentences]
        return Dataset.from_dict({"review": texts, "verdict": ["neg" if "bad" in text else "pos" for text in texts]})
    if task == "tagging":
        tags = [[WORDS[word] for word in words] for words in sentences]
        return Dataset.from_dict({"words": sentences, "upos": tags})
    if task == "translation":
        pairs = [{"en": " ".join(words), "fr": " ".join(FRENCH[word] for word in words)} for words in sentences]
        return Dataset.from_dict({"translation": pairs})
    shades = [draw.randrange(256) for _ in range(count)]
    features = Features({"picture": Image(), "name": Value("string")})
    columns = {
        "picture": [Picture.new("L", (8, 8), shade) for shade in shades],
        "name": ["dark square" if shade < 128 else "light square" for shade in shades],
    }
    return Dataset.from_dict(columns, features=features)


def write_data(folder: Path, task: str) -> Path:
    folder.mkdir(parents=True)
    for seed, (split, count) in enumerate(SPLITS.items()):
        make_rows(task, count, seed).to_parquet(folder / f"{split}-00000-of-00001.parquet")
    return folder


def write_recipe(folder: Path, task: str, data: Path) -> Path:
    path = folder / f"{task}.yaml"
    path.write_text(
        f"task: {task}\ndataset:\n  path: {data}\n  columns: {COLUMNS[task]}\n{MODELS[task]}\n"
        "train: {max_steps: 12, tokens_per_batch: 60, learning_rate: 1e-2, logging_steps: 4, eval_steps: 6}\n"
    )
    return path


def seqtasks(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    """Run a command in this process; what it raises is raised here."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, catch_exceptions=False)
