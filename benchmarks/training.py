"""Is training with seqtasks faster than with its peers? The same model, the same data, whole training loops.

    benchmarks/peers/setup.sh                       # once: a virtual environment for each peer
    python benchmarks/training.py translation
    python benchmarks/training.py tagging --rounds 5 --threads 2 --output tagging.json
    python benchmarks/training.py translation --data FOLDER --columns en de

Every tool trains through its own entry point with its own way of making batches, on text that was cut into tokens once
(`data.py`), with Adam, without dropout, gradients cut at norm 1. Batches hold the same number of sentences on average.
The first steps, validation and start-up are left out of the clock; targets are counted without padding.

Models: translation: bidirectional LSTM 2 x 256, attentional LSTM decoder 512, embeddings 256 shared by both languages.
Tagging: two bidirectional LSTM layers 2 x 256, embeddings 128, no spelling; spaCy's tagger is another model, its own
default. Classification: LSTM 128, embeddings 128, texts of exactly 100 words, so nobody pads.
"""

import argparse
import tempfile
from pathlib import Path

from data import VOCABULARY, add_data_arguments, write_data
from harness import HERE, Contestant, add_arguments, compete

BATCH_SIZE = {"translation": 80, "tagging": 64, "classification": 32}
UNITS = {"translation": "target tokens", "tagging": "words", "classification": "words"}
STEPS = {"translation": 50, "tagging": 50, "classification": 90}
"""Some seconds of training each, and few enough that a slow tool takes a minute."""


def main() -> None:
    """Write the data, let the contestants run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_arguments(parser)
    parser.add_argument("--steps", type=int, help="optimizer steps of each contestant in each round")
    parser.add_argument("--warmup", type=int, default=10, help="steps that are not timed; must divide --steps")
    add_arguments(parser)
    arguments = parser.parse_args()
    steps = arguments.steps or STEPS[arguments.task]
    if steps % arguments.warmup or steps == arguments.warmup:
        parser.error(f"--steps {steps} --warmup {arguments.warmup}: steps must be a multiple of warmup, and more")
    with tempfile.TemporaryDirectory() as folder:
        write_data(arguments, Path(folder))
        spec = {
            "data": folder,
            "steps": steps,
            "warmup": arguments.warmup,
            "batch_size": BATCH_SIZE[arguments.task],
        }
        compete(
            CONTESTANTS[arguments.task](spec),
            arguments,
            unit=UNITS[arguments.task],
            title=f"training, {arguments.task}, {arguments.data or 'data of the shipped recipe'}",
        )


def recipe(task: str) -> str:
    """The recipe file of seqtasks."""
    return str(HERE / "recipes" / f"{task}.yaml")


def overrides(task: str, spec: dict) -> list[str]:
    """What the recipe cannot know: the size of the vocabulary; texts count their four special tokens."""
    if task == "tagging":
        return [f"tokenizer.vocab_size={VOCABULARY[task]}"]
    words = (Path(spec["data"]) / "vocabulary.txt").read_text(encoding="utf-8").count("\n")
    return [f"tokenizer.vocab_size={words + 4}"]


def _seqtasks(name: str, task: str, spec: dict, *changes: str, model: str) -> list[Contestant]:
    """The whole run, the same with products of 16 bits, and the bare step on its batches."""
    spec = {**spec, "recipe": recipe(task), "overrides": [*overrides(task, spec), *changes]}
    halved = {**spec, "overrides": [*spec["overrides"], "train.mixed_precision=bf16"], "bare": False}
    return [
        Contestant(name, "seqtasks_training.py", spec={**spec, "bare": False}, model=model),
        Contestant(f"{name}, bf16", "seqtasks_training.py", spec=halved, model=model),
        Contestant(f"{name}, bare step", "seqtasks_training.py", spec={**spec, "bare": True}, model=model),
    ]


def _translation(spec: dict) -> list[Contestant]:
    contestants = []
    for kind, feeding in (("", False), (", input feeding", True)):
        change = f"head.input_feeding={str(feeding).lower()}"
        contestants += _seqtasks(f"seqtasks{kind}", "translation", spec, change, model=kind)
        for name, peer in (("OpenNMT-py", "opennmt"), ("JoeyNMT", "joeynmt")):
            told = {**spec, "input_feeding": feeding}
            contestants.append(Contestant(f"{name}{kind}", f"{peer}_translation.py", peer, told, model=kind))
    return contestants


def _tagging(spec: dict) -> list[Contestant]:
    contestants = []
    for kind, crf in (("", False), (", CRF", True)):
        change = f"head.crf={str(crf).lower()}"
        contestants += _seqtasks(f"seqtasks{kind}", "tagging", spec, change, model=kind)
        contestants.append(Contestant(f"Flair{kind}", "flair_tagging.py", "flair", {**spec, "crf": crf}, model=kind))
    return [*contestants, Contestant("spaCy (CNN)", "spacy_tagging.py", "spacy", spec)]


def _classification(spec: dict) -> list[Contestant]:
    keras = [
        Contestant(f"Keras, {backend}", "keras_classification.py", "keras", spec, {"KERAS_BACKEND": backend}, model="")
        for backend in ("torch", "jax")
    ]
    return [*_seqtasks("seqtasks", "classification", spec, model=""), *keras]


CONTESTANTS = {"translation": _translation, "tagging": _tagging, "classification": _classification}


if __name__ == "__main__":
    main()
