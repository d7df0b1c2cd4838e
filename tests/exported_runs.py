"""Models with random weights that tell their inputs apart, exported without training."""

from pathlib import Path
from typing import Any

import torch
from cases import CASES
from datasets import Dataset

from seqtasks.export.folder import write_folder
from seqtasks.predictor import Predictor
from seqtasks.recipe import parse_recipe
from seqtasks.runtime import ExportedModel, load
from seqtasks.tasks import task_class

LONG_SERIES = [float(step % 7) for step in range(80)]


def predictor_of(name: str, cell: str = "gru", **replaced: str) -> Predictor:
    """A task fitted on its case's rows, and a model."""
    text = CASES[name].recipe.replace("CELL", cell)
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    recipe: Any = parse_recipe(f"task: {name}\ndataset: {{path: memory}}\n{text}", source="test")
    kind = task_class(recipe)
    task = kind.fit(recipe, kind.arrange(recipe, Dataset.from_dict(CASES[name].rows)))
    torch.manual_seed(0)
    model = task.build()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.5)
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding) and module.padding_idx is not None:
                module.weight[module.padding_idx] = 0.0  # training leaves it so
        for statistic in model.buffers():
            if statistic.is_floating_point():
                statistic.uniform_(0.5, 2.0)
    return Predictor(task, model)


def export_to(folder: Path, predictor: Predictor, **options: Any) -> ExportedModel:
    """Written and loaded again."""
    write_folder(predictor, folder, **options)
    return load(folder, threads=1)


def inputs_of(name: str) -> list[Any]:
    """Inputs like those of training, and such as no training row looks like."""
    case = CASES[name]
    if name == "forecasting":
        return [*case.inputs[:5], [1.0], LONG_SERIES]
    role = next(iter(case.odd))
    return [*case.inputs, *case.odd[role]]
