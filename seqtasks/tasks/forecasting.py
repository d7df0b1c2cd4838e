"""Many-to-one: the last steps of a series in, its next steps out.

11.2 10.9 10.1 ... 14.0  ->  14.6 14.9 14.1 ...

A row of the data is a time step, of one series or of several side by side. Windows of context and future are cut
from each split, so nothing of the future is seen; scales are those of the training steps.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray

from seqtasks.backbone import RNN, Batch, Frames
from seqtasks.data.frames import scaled
from seqtasks.data.scaling import Scaling
from seqtasks.data.series import changes, contexts_of, last_values, plain_series, steps_read, summed
from seqtasks.errors import DataError, RunError
from seqtasks.files import read_json, write_json
from seqtasks.heads import RegressionHead
from seqtasks.metrics.conformal import describe_half_widths, read_half_widths
from seqtasks.metrics.regression import regression_scores
from seqtasks.metrics.score import Score
from seqtasks.tasks.baselines import last_value, seasonal_naive
from seqtasks.tasks.ensemble import Ensemble
from seqtasks.tasks.examples import Examples, Prediction, Rows, plain, values
from seqtasks.tasks.model import SequenceModel
from seqtasks.tasks.readers import FrameReader
from seqtasks.tasks.task import Task, device_of

_FILE, _INTERVALS = "series.json", "intervals.json"


class Forecasting(Task):
    """The next steps of a series.

    Args:
        recipe: what to build.
        reader: of what is read: values, or with `difference` changes.
        series: scale of the values.
        naive_error: mean absolute error of the seasonal naive forecast within training, for each series.
        intervals: half-widths `(steps ahead, series)` by level (`metrics/conformal.py`); None before validation.
    """

    name: ClassVar = "forecasting"
    shape: ClassVar = "many-to-one"
    primary: ClassVar = "mae"

    def __init__(
        self,
        recipe: Any,
        reader: FrameReader,
        series: Scaling,
        naive_error: NDArray[np.float64],
        intervals: dict[str, NDArray[np.float64]] | None = None,
    ) -> None:
        super().__init__(recipe, reader)
        self.series, self.naive_error, self.intervals = series, naive_error, intervals

    @classmethod
    def arrange(cls, recipe: Any, rows: Dataset) -> Dataset:
        """Time steps to windows: `frames` is the context `(context, series)`, `future` what follows it.

        Raises:
            DataError: a split is shorter than one window.
        """
        block = recipe.forecast
        steps = np.array(rows["value"], dtype=np.float32).reshape(len(rows), -1)
        size = block.context_length + block.prediction_length
        if len(steps) < size:
            raise DataError(
                f"dataset: a split has {len(steps)} time steps; expected {size} or more, forecast.context_length and "
                "forecast.prediction_length together; shorten them or give more data"
            )
        windows = np.lib.stride_tricks.sliding_window_view(steps, size, axis=0).transpose(0, 2, 1)
        context, future = windows[:, : block.context_length], windows[:, block.context_length :]
        return Dataset.from_dict({"frames": context.tolist(), "future": future.tolist()})

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn scales, and how hard the series is for a seasonal naive forecast."""
        context, future = _windows(rows)
        steps = np.concatenate([context[:, 0], context[-1, 1:], future[-1]])
        season = recipe.forecast.season_length
        lag = recipe.forecast.difference
        read = steps[lag:] - steps[:-lag] if lag else steps
        naive = np.abs(steps[season:] - steps[:-season]).mean(axis=0) if len(steps) > season else steps.std(axis=0)
        return cls(recipe, FrameReader.fit(recipe, [read.tolist()]), Scaling.fit(steps), naive)

    def save(self, directory: Path) -> None:
        """Write `scaling.json`, `scaling_outputs.json` and `series.json`."""
        self.reader.save(directory)
        self.series.save(directory / "scaling_outputs.json")
        write_json(directory / _FILE, {"naive_error": self.naive_error.tolist()})

    @classmethod
    def load(cls, recipe: Any, directory: Path) -> Self:
        """Read what `save` wrote, and the intervals if the run has got as far as that."""
        stored = read_json(directory / _FILE)
        try:
            naive_error = np.array(stored["naive_error"], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{directory / _FILE}: {error}; expected naive_error; train the run again") from None
        series = Scaling.load(directory / "scaling_outputs.json")
        shape = recipe.forecast.prediction_length, len(series.mean)
        widths = read_half_widths(path, shape) if (path := directory / _INTERVALS).exists() else None
        return cls(recipe, FrameReader.load(recipe, directory), series, naive_error, widths)

    @property
    def num_series(self) -> int:
        """Series side by side."""
        return len(self.series.mean)

    def encode(self, rows: Dataset, *, training: bool = False) -> Examples:
        """Contexts and futures to their common scale."""
        context, future = _windows(rows)
        if lag := self.recipe.forecast.difference:
            future = future - np.concatenate([context[:, -lag:], future], axis=1)[:, : future.shape[1]]
        targets = self._reader.scaling.apply(future).reshape(len(rows), -1)
        return self._encode(list(context)).with_targets(targets)

    @property
    def _reader(self) -> FrameReader:
        return self.reader  # type: ignore[return-value]

    def encode_inputs(self, inputs: Sequence[Any]) -> Examples:
        """Contexts: lists of numbers, or of frames where there are several series. Any length will do.

        Raises:
            DataError: a context is empty or has another number of series.
        """
        return self._encode(contexts_of(inputs, self.num_series))

    def _encode(self, contexts: Sequence[NDArray[np.floating]]) -> Examples:
        """To what the model reads; the notes are the last values, from which changes are counted."""
        lag = self.recipe.forecast.difference
        steps = scaled(steps_read(contexts, self.num_series, lag or 0), self._reader.scaling)
        known = [last_values(context, lag or 1) for context in contexts]
        return Examples(steps, steps.lengths, np.zeros(len(steps), bool), notes=known)

    def build(self) -> SequenceModel:
        """Frames, a recurrent network, all steps of the future at once."""
        inputs = self.reader.build()
        backbone = RNN(inputs.output_size, **self.recipe.backbone.model_dump())
        size = self.recipe.forecast.prediction_length * self.num_series
        head = RegressionHead(backbone.output_size, size, **self.recipe.head.model_dump())
        return SequenceModel(inputs, backbone, head)

    def predict(
        self, model: SequenceModel, examples: Examples, rows: Rows, *, greedy: bool = False
    ) -> list[Prediction]:
        """The next steps: numbers, or frames where there are several series."""
        batch = self.collate(examples, rows).to(device_of(model))
        known = np.stack([examples.notes[row] for row in rows])
        return [Prediction(future) for future in self._futures(model(Batch(batch.inputs)).logits, known)]

    def predict_with_details(self, model: SequenceModel, examples: Examples, rows: Rows) -> list[Prediction]:
        """As `predict`, with the interval of each level, if the run has them and answers alone."""
        answers = self.predict(model, examples, rows)
        if self.intervals is None or isinstance(model, Ensemble):  # several runs err less than one
            return answers
        future = np.array(values(answers), dtype=np.float64).reshape(len(answers), -1, self.num_series)
        ends = {
            name: tuple(map(plain_series, (future - widths, future + widths)))
            for name, widths in self.intervals.items()
        }
        return [
            Prediction(answer.value, {f"interval_{name}": [low[row], high[row]] for name, (low, high) in ends.items()})
            for row, answer in enumerate(answers)
        ]

    def _futures(self, outputs: torch.Tensor, known: NDArray[np.floating]) -> list[Any]:
        """From the model's scale to the data's; `known` holds the last values `(batch, lag, series)`."""
        changed = outputs.float().cpu().numpy().reshape(len(outputs), -1, self.num_series)
        future = self._reader.scaling.invert(changed)
        return plain_series(summed(future, known, self.recipe.forecast.difference or 0))

    def stream(self, model: SequenceModel, steps: Iterable[Any]) -> Iterator[Prediction]:
        """A forecast after each time step, from all steps so far.

        Raises:
            RunError: the network reads backwards too, or does not answer from its last state.
        """
        if self.recipe.backbone.bidirectional or self.recipe.head.pooling != "final":
            raise RunError(
                "stream: the network needs the whole context; expected backbone.bidirectional false and head.pooling "
                "final; train such a one"
            )
        lag = self.recipe.forecast.difference
        state, values = None, np.zeros((0, self.num_series), np.float32)
        for step in steps:
            values = np.concatenate([values[-(lag or 1) :], np.asarray(step, dtype=np.float32).reshape(1, -1)])
            read = self._reader.scaling.apply(changes(values, lag)[-1:] if lag else values[-1:])
            inputs = Frames(torch.from_numpy(read)[None], torch.ones(1, dtype=torch.long))
            with torch.inference_mode():
                encoding = model.read_on(inputs.to(device_of(model)), state)
                outputs = model.head(encoding).logits
            state = encoding.state
            yield Prediction(self._futures(outputs, last_values(values, lag or 1)[None])[0])

    def references(self, rows: Dataset) -> list[Any]:
        """The futures."""
        return plain_series(_windows(rows)[1])

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """MAE and RMSE in the data's unit, MASE, and the errors of standardised values."""
        right = _windows(rows)[1]
        found = np.array(values(predictions), dtype=np.float64).reshape(right.shape)
        block = self.recipe.forecast
        # Windows that share steps are drawn together.
        options: dict[str, Any] = {
            "block_length": block.context_length + block.prediction_length,
            "intervals": intervals,
        }
        scores = regression_scores(right, found, names=("mae", "rmse", "mase"), scale=self.naive_error, **options)
        scaled = regression_scores(
            self.series.apply(right),
            self.series.apply(found),
            names=("mse", "mae"),
            prefix="scaled_",
            **options,
        )
        return [*scores, *scaled]

    def records(self, rows: Dataset, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
        """Without the intervals, whose widths are the same in every row."""
        return super().records(rows, plain(values(predictions)))

    def error_quantiles(self, rows: Dataset, predictions: Sequence[Prediction]) -> dict[str, Any]:
        """Half-widths of the intervals of each level, for each step ahead and series."""
        right = _windows(rows)[1]
        errors = np.array(values(predictions), dtype=np.float64).reshape(right.shape) - right
        return describe_half_widths(errors)

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The last value, and the value a season before."""
        block, context = self.recipe.forecast, _windows(test)[0]
        found = {"last value": last_value(context, block.prediction_length)}
        if 1 < block.season_length <= block.context_length:
            found["a season before"] = seasonal_naive(context, block.prediction_length, block.season_length)
        return {name: plain(plain_series(future)) for name, future in found.items()}


def _windows(rows: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Contexts and futures, both `(rows, steps, series)`."""
    context, future = (np.array(rows[role], dtype=np.float64) for role in ("frames", "future"))
    return context, future
