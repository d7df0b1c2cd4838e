"""The YAML at the head of a model card, by which the Hub finds and lists a model.

Its fields are described at https://huggingface.co/docs/hub/model-cards.
"""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from huggingface_hub import EvalResult, ModelCardData

from seqtasks.recipe import FrameClassificationRecipe
from seqtasks.report.headline import score_title
from seqtasks.report.run_files import Run

PIPELINES: Mapping[str, str] = MappingProxyType(
    {
        "image_classification": "image-classification",
        "captioning": "image-to-text",
        "description": "text-generation",
        "music": "text-generation",
        "classification": "text-classification",
        "regression": "tabular-regression",
        "forecasting": "time-series-forecasting",
        "tagging": "token-classification",
        "language_modeling": "text-generation",
        "translation": "translation",
        "chat": "text-generation",
        "pronunciation": "text-generation",
    }
)
"""What the Hub calls each task. It has no name for recordings that are no sounds, nor for tags of their frames."""

METRICS: Mapping[str, str] = MappingProxyType({"macro_f1": "f1", "span_f1": "f1", "bleu_1": "bleu"})
"""What the Hub calls a metric, where that is not its own name."""


_LANGUAGE = re.compile("[a-z]{2,3}")


def pipeline_tag(run: Run) -> str | None:
    """What the Hub calls the task of a run; None where it has no word for it."""
    if isinstance(run.recipe, FrameClassificationRecipe) and run.recipe.dataset.columns.frames == "audio":
        return "audio-classification"
    return PIPELINES.get(run.task)


def is_on_hub(run: Run) -> bool:
    """Whether the data set of a run was read from the Hub."""
    dataset = run.data.dataset
    return dataset.path is not None and dataset.homepage == f"https://huggingface.co/datasets/{dataset.path}"


def metadata(run: Run, *, name: str) -> str:
    """The metadata of a run's model card, as YAML.

    Args:
        run: finished.
        name: of the model on the Hub.
    """
    dataset, tag = run.data.dataset, pipeline_tag(run)
    path = _line(dataset.path or run.name)
    results = [
        EvalResult(
            task_type=tag or run.task.replace("_", "-"),
            task_name=run.task.replace("_", " "),
            dataset_type=path,
            dataset_name=_line(dataset.title or path),
            dataset_config=_line(dataset.name) if dataset.name else None,
            dataset_split=run.recipe.dataset.split.test,
            metric_type=METRICS.get(score.name, score.name),
            metric_name=score_title(score.name),
            metric_value=round(score.value, 6),
        )
        for score in run.scores.test.scores
        if math.isfinite(score.value)
    ]
    data = ModelCardData(
        library_name="seqtasks",
        pipeline_tag=tag,
        tags=["seqtasks", "recurrent-neural-network", run.task.replace("_", "-"), *_cells(run)],
        language=[code for code in dataset.languages if _LANGUAGE.fullmatch(code)] or None,
        datasets=[path] if is_on_hub(run) else None,
        model_name=name if results else None,
        eval_results=results or None,
    )
    return data.to_yaml() + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _cells(run: Run) -> list[str]:
    blocks = [getattr(run.recipe, name, None) for name in ("backbone", "head")]
    cells = dict.fromkeys(getattr(block, "cell", None) for block in blocks)
    return [cell.replace("_", "-") for cell in cells if cell]
