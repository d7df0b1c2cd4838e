"""A tiny data set and recipe of every task, for the tests that drive all of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, Features, Value
from datasets import Image as ImageFeature
from PIL import Image

from seqtasks.recipe import parse_recipe
from seqtasks.tasks import TASKS, Task, task_class


@dataclass(frozen=True)
class Case:
    """A tiny data set of a task.

    Attributes:
        recipe: YAML, with `CELL` where the cell is named.
        rows: columns of the training rows.
        odd: columns of rows such as no training row looks like.
        inputs: inputs as a user gives them, one for each row of `rows` once the task has arranged them.
        details: keys of a prediction record beside those that every task has.
        good: what the main score reaches at least (or at most, if lower is better) once the rows are learned by heart.
    """

    recipe: str
    rows: dict[str, list[Any]]
    odd: dict[str, list[Any]]
    inputs: list[Any]
    details: frozenset[str]
    good: float


def _picture(shade: int, mode: str = "L", size: tuple[int, int] = (8, 8)) -> Image.Image:
    picture = Image.new("L", size, shade)
    picture.putpixel((0, 0), 255 - shade)
    return picture.convert(mode)


def _frames(seed: int, time: int, features: int = 2) -> list[list[float]]:
    return np.random.default_rng(seed).normal(size=(time, features)).round(3).tolist()


TEXT = frozenset({"score"})
_PICTURES = [_picture(shade) for shade in (0, 80, 160, 240)]
_ODD_PICTURES = [_picture(9, "RGBA", (1, 1)), _picture(9, "1", (300, 2)), _picture(9, "P"), _picture(9, "CMYK")]
_RECORDINGS = [_frames(seed, time) for seed, time in enumerate((5, 1, 9, 3, 7, 5))]
_ODD_RECORDINGS = [[], _frames(9, 1), _frames(8, 700), [[1e6, -1e6]], [[0.0, 0.0]] * 3]
_SERIES = [float(10 + 3 * np.sin(step / 2)) for step in range(24)]

CASES = {
    "image_classification": Case(
        recipe="input: {size: 8, channels: [4, 8]}\n",
        rows={"image": _PICTURES, "label": ["dark", "dark", "light", "light"]},
        odd={"image": _ODD_PICTURES, "label": ["dark", "light", "other", "dark"]},
        inputs=_PICTURES,
        details=frozenset({"probability"}),
        good=0.99,
    ),
    "captioning": Case(
        recipe="tokenizer: {min_frequency: 1}\n"
        "input: {size: 8, channels: [4, 8]}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: dot}\n"
        "decoding: {num_beams: 2, max_length: 6}\n",
        rows={
            "image": _PICTURES,
            "caption": [["a black square here", "dark"], ["a grey square"], ["a light grey square"], ["white"]],
        },
        odd={"image": _ODD_PICTURES, "caption": [[""], ["xyz"], ["grey " * 500], ["white"]]},
        inputs=_PICTURES,
        details=TEXT,
        good=80,
    ),
    "description": Case(
        recipe="attributes: {delexicalize: [name]}\n"
        "tokenizer: {min_frequency: 1}\n"
        "input: {embedding_size: 8}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: dot}\n"
        "decoding: {num_beams: 2, max_length: 12}\n",
        rows={
            "attributes": ["name[The Mill], food[French]", "name[Zizzi], food[Thai]", "food[Thai]", "area[river]"],
            "description": ["The Mill cooks French", "Zizzi cooks Thai", "They cook Thai", "It is by the river"],
        },
        odd={
            "attributes": ["", "name[]", "name[😀 x], food[new]", "food=Thai, food=Thai, area=river"],
            "description": ["", "x", "😀 x " * 300, "<name> cooks"],
        },
        inputs=["name[The Mill], food[French]", ["name=Zizzi", "food=Thai"], "food=Thai", "area=river"],
        details=TEXT,
        good=80,
    ),
    "music": Case(
        recipe="tokenizer: {min_frequency: 1}\n"
        "input: {embedding_size: 8}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8}\n"
        "decoding: {num_beams: 1, do_sample: true, max_length: 20}\n",
        rows={
            "attributes": [["rhythm=jig", "meter=6/8"], ["rhythm=reel", "meter=4/4"], ["rhythm=reel", "key=G"]],
            "tune": ["|:ABc def|gag afd:|", "|:A2AB cdef|", "G4|"],
        },
        odd={
            "attributes": [[], ["rhythm=waltz"], ["key=nonsense", "meter=7/8"]],
            "tune": ["", "ξ" * 900, "|:|:||"],
        },
        inputs=["rhythm=jig, meter=6/8", "rhythm=reel, meter=4/4", ["rhythm=reel", "key=G"]],
        details=frozenset({"score", "nats"}),
        good=0.8,
    ),
    "classification": Case(
        recipe="tokenizer: {min_frequency: 1, max_length: 20}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 8, bidirectional: true}\n",
        rows={
            "text": ["good film", "bad film", "good", "so bad !", "a good , good film", "bad"],
            "label": ["yes", "no", "yes", "no", "yes", "no"],
        },
        odd={
            "text": ["", "  ", "xyz qwv", "good " * 3000, "\u0000 😀 \n"],
            "label": ["yes", "no", "perhaps", "yes", "no"],
        },
        inputs=["good film", "bad film", "good", "so bad !", "a good , good film", "bad"],
        details=frozenset({"probability"}),
        good=0.99,
    ),
    "frame_classification": Case(
        recipe="backbone: {cell: CELL, hidden_size: 8, bidirectional: true, learn_initial_state: true}\n",
        rows={"frames": _RECORDINGS, "label": ["a", "b", "a", "b", "a", "b"]},
        odd={"frames": _ODD_RECORDINGS, "label": ["a", "b", "c", "a", "b"]},
        inputs=_RECORDINGS,
        details=frozenset({"probability"}),
        good=0.99,
    ),
    "regression": Case(
        recipe="backbone: {cell: CELL, hidden_size: 8}\n",
        rows={"frames": _RECORDINGS, "number": [[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]},
        odd={"frames": _ODD_RECORDINGS, "number": [[0.0], [1e6], [-1e6], [3.0], [3.0]]},
        inputs=_RECORDINGS,
        details=frozenset(),
        good=0.3,
    ),
    "forecasting": Case(
        recipe="forecast: {context_length: 6, prediction_length: 2, season_length: 3, difference: 1}\n"
        "backbone: {cell: CELL, hidden_size: 8}\n",
        rows={"value": [[number] for number in _SERIES]},
        odd={"value": [[number] for number in [0.0] * 8 + [1e6, -1e6, 1e-9]]},
        inputs=[_SERIES[start : start + 6] for start in range(17)],
        details=frozenset(),
        good=0.5,
    ),
    "tagging": Case(
        recipe="tokenizer: {min_frequency: 1, lowercase: true}\n"
        "input: {embedding_size: 8, characters: {embedding_size: 4, hidden_size: 4}}\n"
        "backbone: {cell: CELL, hidden_size: 8, bidirectional: true}\n"
        "head: {crf: true}\n",
        rows={
            "tokens": [["The", "dog", "runs"], ["dogs"], ["a", "cat", "and", "a", "dog"], ["runs", "the", "cat"]],
            "tags": [["D", "N", "V"], ["N"], ["D", "N", "C", "D", "N"], ["V", "D", "N"]],
        },
        odd={
            "tokens": [[], ["", "😀"], ["xyz"] * 900, ["w" * 2000], ["the"]],
            "tags": [[], ["N", "N"], ["NEW"] * 900, ["N"], ["D"]],
        },
        inputs=[["The", "dog", "runs"], ["dogs"], ["a", "cat", "and", "a", "dog"], ["runs", "the", "cat"]],
        details=frozenset({"unknown", "probability"}),
        good=0.99,
    ),
    "frame_tagging": Case(
        recipe="backbone: {cell: CELL, hidden_size: 8}\n",
        rows={
            "frames": _RECORDINGS,
            "tags": [["up" if frame[0] > 0 else "down" for frame in frames] for frames in _RECORDINGS],
        },
        odd={"frames": _ODD_RECORDINGS, "tags": [["new"] * len(frames) for frames in _ODD_RECORDINGS]},
        inputs=_RECORDINGS,
        details=frozenset({"unknown", "probability"}),
        good=0.99,
    ),
    "language_modeling": Case(
        recipe="tokenizer: {min_frequency: 1}\n"
        "stream: {bptt_steps: 4}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 16}\n"
        "decoding: {num_beams: 1, do_sample: true, max_length: 5}\n",
        rows={"text": ["the dog runs home", "the cat sleeps", "the dog sleeps", "home"]},
        odd={"text": ["", "  ", "xyz qwv", "dog " * 700, "\u0000 😀 \n"]},
        inputs=["the dog runs home", "the cat sleeps", "the dog sleeps", "home"],
        details=frozenset({"tokens"}),
        good=2.0,
    ),
    "translation": Case(
        recipe="tokenizer: {vocab_size: 60, min_frequency: 1, max_length: 30}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 4}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: general}\n"
        "decoding: {num_beams: 2, max_length: 12}\n",
        rows={
            "source": ["open the door", "close {a}", "open", "the {a} of {b}", "close the door", "door"],
            "target": ["ouvrir la porte", "fermer {a}", "ouvrir", "{b} : {a}", "fermer la porte", "porte"],
        },
        odd={
            "source": ["", " ", "ξψ {new} {", "open " * 2000, "</s> <ph7> 😀"],
            "target": ["", "porte", "{new} {other}", "ouvrir " * 2000, "<s>"],
        },
        inputs=["open the door", "close {a}", "open", "the {a} of {b}", "close the door", "door"],
        details=TEXT,
        good=80,
    ),
    "chat": Case(
        recipe="tokenizer: {vocab_size: 60, min_frequency: 1}\n"
        "input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 4}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: general}\n"
        "decoding: {num_beams: 1, max_length: 12}\n",
        rows={
            "utterance": ["hello", "how are you", "what is it", "bye"],
            "reply": ["hello there", "very well", "it is a door", "good bye"],
        },
        odd={"utterance": ["", "ξψ", "hello " * 900], "reply": ["", "x", "hello " * 900]},
        inputs=["hello", "how are you", "what is it", "bye"],
        details=TEXT,
        good=80,
    ),
    "pronunciation": Case(
        recipe="input: {embedding_size: 8}\n"
        "backbone: {cell: CELL, hidden_size: 4}\n"
        "head: {embedding_size: 8, cell: CELL, hidden_size: 8, attention: general}\n"
        "decoding: {num_beams: 2, max_length: 12}\n",
        rows={
            "word": ["door", "Dog", "go", "red"],
            "phonemes": [["D AO R", "D OW R"], ["D AO G"], ["G OW"], ["R EH D"]],
        },
        odd={"word": ["", "ξψ", "do" * 900], "phonemes": [[""], ["X Y"], ["D"]]},
        inputs=["door", "Dog", "go", "red"],
        details=TEXT,
        good=0.2,
    ),
}


TRAIN = "train: {learning_rate: 0.05, tokens_per_batch: 1000}"


def make_task(name: str, cell: str = "gru", rows: Dataset | None = None, **replaced: str) -> Task:
    text = CASES[name].recipe.replace("CELL", cell)
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    recipe = parse_recipe(f"task: {name}\ndataset: {{path: memory}}\n{text}{TRAIN}", source="test")
    torch.manual_seed(0)
    return task_class(recipe).fit(recipe, make_rows(name, recipe) if rows is None else rows)


def make_rows(name: str, recipe: Any = None, *, odd: bool = False) -> Dataset:
    case = CASES[name]
    rows = Dataset.from_dict(case.odd if odd else case.rows)
    kind = next(task for task in TASKS if task.name == name)
    if recipe is None and name == "forecasting":
        recipe = parse_recipe(
            f"task: {name}\ndataset: {{path: memory}}\n{case.recipe.replace('CELL', 'gru')}", source=""
        )
    return kind.arrange(recipe, rows)


def write_case(folder: Path, task: str, *, cell: str = "lstm") -> Path:
    """Data as Parquet files, the same rows in every split, and a recipe for a few steps."""
    case = CASES[task]
    rows = Dataset.from_dict(case.rows)
    if "image" in case.rows:
        rows = rows.cast(Features({**rows.features, "image": ImageFeature()}))
    if task == "forecasting":
        rows = Dataset.from_dict(
            {"value": [value for (value,) in case.rows["value"]]}, Features({"value": Value("float32")})
        )
    for split in ("train", "validation", "test"):
        (folder / "data").mkdir(parents=True, exist_ok=True)
        rows.to_parquet(folder / "data" / f"{split}.parquet")
    path = folder / f"{task}.yaml"
    path.write_text(
        f"task: {task}\ndataset: {{path: {folder / 'data'}}}\n{case.recipe.replace('CELL', cell)}"
        "train: {max_steps: 6, tokens_per_batch: 16, learning_rate: 1e-2, logging_steps: 2, eval_steps: 3}\n"
    )
    return path
