"""A recipe in pictures and numbers: the network unrolled over time, its layers, its equations. Needs no data."""

from textwrap import wrap

from seqtasks.explain.diagram import draw
from seqtasks.explain.equations import equations
from seqtasks.explain.layers import Layer, list_layers
from seqtasks.explain.notes import assumptions, notes
from seqtasks.explain.stand_ins import build
from seqtasks.recipe import Recipe
from seqtasks.tasks import task_class

__all__ = ["explain", "layers_of"]

_WIDTH = 80
_SENTENCES = {
    "image_classification": "a picture in, one label out",
    "captioning": "a picture in, a text out",
    "description": "attributes in, a text that says them out",
    "music": "the attributes of a tune in, the tune out",
    "classification": "a text in, one label out",
    "frame_classification": "frames of numbers in, one label out",
    "regression": "frames of numbers in, a number out",
    "forecasting": "the last steps of a series in, its next steps out",
    "tagging": "words in, one tag for each word out",
    "frame_tagging": "frames of numbers in, one tag for each frame out",
    "language_modeling": "each token in, the next one out",
    "translation": "a text in, another text out",
    "chat": "something said in, a reply out",
    "pronunciation": "the letters of a word in, its phonemes out",
}


def explain(recipe: Recipe) -> str:
    """Name, diagram, layers and equations of the network that a recipe builds, at most 80 columns wide."""
    title = f"{task_class(recipe).shape}: {_SENTENCES[recipe.task]}"
    model = build(recipe)
    layers = list_layers(model)
    return "\n\n".join(
        [
            title,
            draw(recipe, model),
            "\n".join(line for note in notes(recipe, model) for line in wrap(note, _WIDTH)),
            _table(layers),
            "\n".join(wrap(" ".join(assumptions(recipe, model, layers)), _WIDTH)),
            *equations(recipe),
        ]
    )


def layers_of(recipe: Recipe) -> list[Layer]:
    """The layers of the network that a recipe builds, in the order in which data passes them."""
    return list_layers(build(recipe))


def _table(layers: list[Layer]) -> str:
    total = sum(layer.parameters for layer in layers)
    lines = [f"{'layer':<18} {'kind':<15} {'output shape':<18} {'parameters':>12} {'share':>7}", "─" * 74]
    for layer in layers:
        count = "shared" if layer.is_shared else f"{layer.parameters:,}"
        share = f"{layer.parameters / total:.1%}"
        inputs, outputs = layer.shapes
        lines.append(f"{layer.name:<18} {layer.kind:<15} {f'({outputs})':<18} {count:>12} {share:>7}")
        lines.append(f"  ({inputs}) in: {layer.does}" if inputs else f"  {layer.does}")
    lines += ["─" * 74, f"total: {total:,} parameters, {4 * total / 1e6:.1f} MB as float32"]
    return "\n".join(lines)
