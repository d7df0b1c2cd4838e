"""What the manifest says of a task: which kind of input the runtime reads, which kind of answer it gives, and how."""

from typing import Any

from seqtasks.errors import ExportError
from seqtasks.tasks import Task
from seqtasks.tasks.captioning import Captioning
from seqtasks.tasks.classification import Classification
from seqtasks.tasks.description import Description
from seqtasks.tasks.forecasting import Forecasting
from seqtasks.tasks.readers import (
    AttributeReader,
    FeatureReader,
    FrameReader,
    ImageReader,
    LetterReader,
    SourceReader,
    TextReader,
    WordReader,
)
from seqtasks.tasks.regression import Regression
from seqtasks.tasks.rewriting import Rewriting
from seqtasks.tasks.tagging import Tagging
from seqtasks.tasks.translation import Translation
from seqtasks.tasks.writing import Writing

_WRITERS = (Captioning, Description, Rewriting)
"""Tasks whose texts are searched; those of others are drawn."""


def input_settings(task: Task) -> dict[str, Any]:
    """The arguments of `seqtasks.runtime.inputs.reader`."""
    reader, recipe = task.reader, task.recipe
    if isinstance(reader, WordReader):
        spelling = recipe.input.characters is not None
        return {"kind": "words", "lowercase": recipe.tokenizer.lowercase, "spelling": spelling}
    if isinstance(reader, TextReader):
        return {
            "kind": "text",
            "tokenizer": "tokenizer_letters.json" if isinstance(reader, LetterReader) else "tokenizer.json",
            "max_length": reader.tokenizer.max_length,
            "end": isinstance(reader, LetterReader | SourceReader),
            "placeholders": isinstance(reader, SourceReader),
        }
    if isinstance(task, Forecasting):
        return {"kind": "series", "lag": recipe.forecast.difference or 0}
    if isinstance(reader, FrameReader):
        return {"kind": "frames"}
    if isinstance(reader, AttributeReader):
        return {"kind": "attributes", "delexicalize": recipe.attributes.delexicalize}
    if isinstance(reader, ImageReader):
        return {"kind": "picture", "size": recipe.input.size, "color": recipe.input.color}
    raise refusal(task)


def answer_settings(task: Task) -> dict[str, Any]:
    """The kind of answer and the arguments of its class in `seqtasks.runtime.model`.

    Raises:
        ExportError: the answers of this task are not exported.
    """
    if isinstance(task.reader, FeatureReader):
        raise ExportError(
            "input.features: vectors in the place of pictures are not exported; expected pictures or another input; "
            "use `seqtasks predict`"
        )
    if isinstance(task, Classification):
        return {"kind": "label"}
    if isinstance(task, Tagging):
        return {"kind": "tags", "crf": task.recipe.head.crf}
    if isinstance(task, Forecasting):
        return {"kind": "series", "lag": task.recipe.forecast.difference or 0}
    if isinstance(task, Regression):
        return {"kind": "number"}
    if not isinstance(task, _WRITERS):
        raise refusal(task)
    decoding = task.recipe.decoding
    if decoding.do_sample:
        raise ExportError(
            "decoding.do_sample: true, and texts that are drawn cannot be compared with those of the run; expected "
            "greedy or beam search; use `seqtasks predict`, or train with decoding.do_sample=false"
        )
    return {"kind": "text", "restore": _restored(task), "vocab_size": task.vocabulary_size} | decoding.model_dump(
        include={"num_beams", "length_penalty", "max_length"}
    )


def _restored(task: Writing) -> str | None:
    if isinstance(task, Translation):
        return "placeholders"
    return "names" if isinstance(task, Description) else None


def refusal(task: Task) -> ExportError:
    """The error to raise for a task that is not exported."""
    return ExportError(
        f"task: {task.name} cannot be exported; expected one that answers with a label, tags, numbers, or a text that "
        "is searched; use `seqtasks.load` to run it"
    )
