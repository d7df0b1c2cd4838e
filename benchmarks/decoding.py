"""Is answering with seqtasks faster than with its peers? The same model, the same inputs, text in and text out.

    benchmarks/peers/setup.sh                       # once: a virtual environment for each peer
    python benchmarks/decoding.py translation       # greedy; every text gets 25 tokens
    python benchmarks/decoding.py translation --beams 5
    python benchmarks/decoding.py tagging
    python benchmarks/decoding.py translation --steps 3000 --length 0 --models FOLDER
    python benchmarks/decoding.py translation --trained runs/translate

How long a translation takes depends on where it stops, and a model that has learnt little stops anywhere. So by default
the end token is forbidden: every tool writes texts of `--length` tokens with the weights that one training step leaves.
With `--length 0` tools stop by themselves; then train each of them first (`--steps`; `--models` keeps them). With
`--trained` a run of seqtasks stands alone, greedy and with a beam, on its own test rows: peers cannot read its weights.

The models are those of `training.py`. Texts are answered 80 at a time (tagging 64, classification 32), a few before the
clock starts; start-up and loading are not timed.
"""

import argparse
import tempfile
from pathlib import Path

from data import add_data_arguments, write_data
from harness import REPOSITORY, Contestant, add_arguments, compete
from training import BATCH_SIZE, overrides, recipe

INPUTS = {"translation": 320, "tagging": 2_000, "classification": 1_000}
OLD_CHECKPOINTS = {"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}
"""Peers' checkpoints hold more than tensors; they are files that the peers have just written themselves."""

WAYS = {"": None, ", ONNX": "float32", ", ONNX int8": "int8"}
"""A run of seqtasks answers itself, or what `seqtasks export` makes of it does."""

UNITS = {"translation": "sentences", "tagging": "words", "classification": "words"}


def main() -> None:
    """Write the data, let the contestants train a little and answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_arguments(parser)
    parser.add_argument("--inputs", type=int, help="how many are answered")
    parser.add_argument("--beams", type=int, default=1, help="hypotheses of a translation; 1 is greedy")
    parser.add_argument("--length", type=int, default=25, help="of every translation; 0: as the tool will")
    parser.add_argument("--steps", type=int, default=1, help="training steps before, not timed")
    parser.add_argument("--models", type=Path, help="where trained models are kept, and found again")
    parser.add_argument("--trained", type=Path, help="a run directory of seqtasks, measured alone")
    add_arguments(parser)
    arguments = parser.parse_args()
    inputs = arguments.inputs or INPUTS[arguments.task]
    if arguments.trained:
        _compete_alone(arguments, inputs)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_data(arguments, Path(folder))
        models = (arguments.models or Path(folder) / "models").resolve()
        models.mkdir(parents=True, exist_ok=True)
        spec = {
            "data": folder,
            "models": str(models),
            "steps": arguments.steps,
            "beams": arguments.beams,
            "length": arguments.length,
            "inputs": _write_inputs(Path(folder), arguments.task, inputs),
            "batch_size": BATCH_SIZE[arguments.task],
        }
        search = f", {arguments.beams} beam(s), length {arguments.length or 'free'}, {arguments.steps} training steps"
        compete(
            CONTESTANTS[arguments.task](spec),
            arguments,
            unit=UNITS[arguments.task],
            title=f"answering, {arguments.task}{search if arguments.task == 'translation' else ''}",
        )


def _compete_alone(arguments: argparse.Namespace, inputs: int) -> None:
    spec = {"data": str(REPOSITORY), "run": str(arguments.trained.resolve()), "inputs": inputs, "length": 0}
    searches = [("", 1), (f", {arguments.beams} beams", arguments.beams)]
    contestants = [
        Contestant(f"seqtasks{name}{way}", "seqtasks_decoding.py", spec={**spec, "beams": number, "export": export})
        for name, number in (searches if arguments.task == "translation" and arguments.beams > 1 else searches[:1])
        for way, export in WAYS.items()
    ]
    compete(contestants, arguments, unit=UNITS[arguments.task], title=f"answering, {arguments.trained}")


def _write_inputs(folder: Path, task: str, number: int) -> str:
    """The test rows, then training rows until there are enough: one a line, tokens between spaces."""
    suffix = "src" if task == "translation" else "txt"
    text = "".join((folder / f"{name}.{suffix}").read_text(encoding="utf-8") for name in ("test", "train"))
    if task == "tagging":
        sentences = (block.splitlines() for block in text.split("\n\n") if block.strip())
        lines = [" ".join(line.split(" ")[0] for line in sentence) for sentence in sentences]
    elif task == "classification":
        lines = [line.partition(" ")[2] for line in text.splitlines()]
    else:
        lines = text.splitlines()
    path = folder / "input.txt"
    path.write_text("".join(f"{line}\n" for line in lines[:number]), encoding="utf-8")
    return str(path)


def _seqtasks(kind: str, task: str, spec: dict, *changes: str) -> list[Contestant]:
    """A run, its export, and its export in 8 bits."""
    spec = {**spec, "recipe": recipe(task), "overrides": [*overrides(task, spec), *changes], "unit": UNITS[task]}
    spec["model"] = f"seqtasks{kind}"
    return [
        Contestant(f"seqtasks{kind}{way}", "seqtasks_decoding.py", spec={**spec, "export": export}, model=kind)
        for way, export in WAYS.items()
    ]


def _translation(spec: dict) -> list[Contestant]:
    contestants = []
    for kind, feeding in (("", False), (", input feeding", True)):
        changes = [f"head.input_feeding={str(feeding).lower()}", f"decoding.num_beams={spec['beams']}"]
        changes.append(f"decoding.max_length={spec['length'] or 60}")
        contestants += _seqtasks(kind, "translation", spec, *changes)
        for name, peer in (("OpenNMT-py", "opennmt"), ("JoeyNMT", "joeynmt")):
            told = {**spec, "input_feeding": feeding}
            contestants.append(
                Contestant(f"{name}{kind}", f"{peer}_decoding.py", peer, told, OLD_CHECKPOINTS, model=kind)
            )
    return contestants


def _tagging(spec: dict) -> list[Contestant]:
    contestants = []
    for kind, crf in (("", False), (", CRF", True)):
        contestants += _seqtasks(kind, "tagging", spec, f"head.crf={str(crf).lower()}")
        contestants.append(Contestant(f"Flair{kind}", "flair_decoding.py", "flair", {**spec, "crf": crf}))
    return [*contestants, Contestant("spaCy (CNN)", "spacy_decoding.py", "spacy", spec)]


def _classification(spec: dict) -> list[Contestant]:
    keras = [
        Contestant(f"Keras, {backend}", "keras_decoding.py", "keras", spec, {"KERAS_BACKEND": backend})
        for backend in ("torch", "jax")
    ]
    return [*_seqtasks("", "classification", spec), *keras]


CONTESTANTS = {"translation": _translation, "tagging": _tagging, "classification": _classification}


if __name__ == "__main__":
    main()
