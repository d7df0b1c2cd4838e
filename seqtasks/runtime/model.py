"""`ExportedModel`: an exported folder that answers plain inputs, as `seqtasks.Predictor` does for a run."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqtasks.data.batching import evaluation_batches
from seqtasks.errors import ExportError, RunError
from seqtasks.prediction import Prediction, mark_cut
from seqtasks.runtime.inputs import Encoded, Read, reader
from seqtasks.runtime.labels import LabelAnswers
from seqtasks.runtime.manifest import MANIFEST, Manifest
from seqtasks.runtime.network import Network, Values
from seqtasks.runtime.numbers import NumberAnswers, SeriesAnswers
from seqtasks.runtime.tags import TagAnswers
from seqtasks.runtime.texts import TextAnswers
from seqtasks.unicode import well_formed

Answer = Callable[[Values, NDArray[np.int64], Sequence[Any]], list[Prediction]]
"""(what the network reads, lengths (batch,), notes) -> an answer for each input of a batch."""

_ANSWERS: dict[str, Callable[..., Answer]] = {
    "label": LabelAnswers,
    "tags": TagAnswers,
    "number": NumberAnswers,
    "series": SeriesAnswers,
    "text": TextAnswers,
}


class ExportedModel:
    """A model with everything it needs to answer plain inputs.

    Args:
        manifest: of the folder.
        read: from inputs to arrays.
        networks: by name.
        answer: from arrays to answers.

    Examples:
        >>> model = load("runs/pos/export")  # doctest: +SKIP
        >>> model.predict([["Bu", "soruların", "cevabı", "imkansız", "."]])  # doctest: +SKIP
        [["DET", "NOUN", "NOUN", "ADJ", "PUNCT"]]
    """

    def __init__(self, manifest: Manifest, read: Read, networks: dict[str, Network], answer: Answer) -> None:
        self.manifest, self.read, self.networks, self.answer = manifest, read, networks, answer

    def predict(self, inputs: Sequence[Any]) -> list[Any]:
        """Answer inputs: always a list in, a list of plain Python values out, in the same order.

        Args:
            inputs: any number, of any length; for each, what the recipe's task reads: a text, a list of words, a
                picture or its path, a list of frames or numbers, attributes.

        Returns:
            For each a label, a text, a list of tags, a number or a list of them.

        Raises:
            TypeError: a single string was given; put it into a list.
            DataError: an input is not of the kind that the model reads.
        """
        return [answer.value for answer in self.predict_with_details(inputs)]

    def predict_with_details(self, inputs: Sequence[Any]) -> list[Prediction]:
        """As `predict`, with probabilities or log-probabilities."""
        if isinstance(inputs, str):
            raise TypeError("predict: a single text was given; expected a list of inputs; write predict([text])")
        if not len(inputs):
            return []
        encoded = self.read([well_formed(value) for value in inputs])
        answers: dict[int, Prediction] = {}
        for rows in self.batches(encoded):
            batch = self.answer(encoded.feed(rows), encoded.lengths[rows], [encoded.notes[row] for row in rows])
            answers.update(zip(rows.tolist(), batch, strict=True))
        found = [answers[row] for row in range(len(inputs))]
        return found if encoded.cut is None else mark_cut(found, encoded.cut)

    def batches(self, encoded: Encoded) -> list[NDArray[np.int64]]:
        """Inputs of like length together; one whose answer is a text may take as many steps as the text may have."""
        longest = np.full(len(encoded.lengths), self.manifest.answer.get("max_length", 1))
        costs = np.stack([encoded.lengths, longest], axis=1)
        return evaluation_batches(costs, tokens_per_batch=self.manifest.tokens_per_batch)


def load(folder: str | Path, *, threads: int | None = None, num_beams: int | None = None) -> ExportedModel:
    """Load what `seqtasks export` wrote.

    Args:
        folder: such as `runs/pos/export`.
        threads: that work on one batch; None: one for each core.
        num_beams: of a model that writes texts, hypotheses followed at a time, in place of the run's own; 1 is greedy
            search, the quickest.

    Raises:
        ExportError: the folder is not there, damaged or of another version, it writes no texts and `num_beams` is
            given, or onnxruntime is not installed.
    """
    path = Path(folder)
    manifest = Manifest.read(path)
    if num_beams is not None and "num_beams" not in manifest.answer:
        raise ExportError(
            f"num_beams: {num_beams}, and a model of the task {manifest.task} writes no texts; expected None; "
            "leave it out"
        )
    try:
        networks = {name: Network(path / file, threads=threads) for name, file in manifest.networks.items()}
        settings = manifest.answer | ({} if num_beams is None else {"num_beams": num_beams})
        kind = settings.pop("kind")
        answer = _ANSWERS[kind](path, networks, **settings)
        read = reader(path, **manifest.input)
    except (KeyError, TypeError, AttributeError) as error:
        raise ExportError(
            f"{path / MANIFEST}: {error}; expected what `seqtasks export` wrote; export the run again"
        ) from None
    except ExportError:
        raise
    except RunError as error:
        raise ExportError(f"{path}: is damaged ({error}); export the run again") from None
    return ExportedModel(manifest, read, networks, answer)
