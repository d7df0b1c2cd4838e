"""A recipe in pictures and numbers: the network unrolled over time, its layers, its equations. Needs no data."""

from textwrap import wrap

from seqtasks.explain.diagram import draw
from seqtasks.explain.layers import NUM_CHARACTERS, NUM_LABELS, Layer, build, list_layers
from seqtasks.recipe import CaptioningRecipe, ClassificationRecipe, Recipe, TaggingRecipe
from seqtasks.tasks import task_class

__all__ = ["explain"]

_WIDTH = 78
_SENTENCES = {
    "classification": "a text in, one label out",
    "tagging": "words in, one tag for each word out",
    "captioning": "a picture in, a text out",
    "translation": "a text in, another text out",
}
_EQUATIONS = {
    "rnn_tanh": ("h' = tanh(W x + U h + b)", "Elman 1990"),
    "rnn_relu": ("h' = relu(W x + U h + b)", "Le, Jaitly and Hinton 2015"),
    "lstm": (
        "i, f, o = σ(W x + U h + b)       input, forget and output gate\n"
        "g  = tanh(W x + U h + b)         what could be stored\n"
        "c' = f · c + i · g               the memory\n"
        "h' = o · tanh(c')",
        "Hochreiter and Schmidhuber 1997",
    ),
    "gru": (
        "r, z = σ(W x + U h + b)          reset and update gate\n"
        "n  = tanh(W x + r · (U h + b))   the new content\n"
        "h' = (1 - z) · n + z · h",
        "Cho et al. 2014",
    ),
}
_ATTENTION = {
    "dot": "h · m",
    "general": "h · W m",
    "additive": "v · tanh(W h + U m)",
    "multihead": "(W h) · (U m) / √size, in several heads side by side",
}


def explain(recipe: Recipe) -> str:
    """Name, diagram, layers and equations of the network that a recipe builds, at most 80 columns wide."""
    title = f"{task_class(recipe).shape}: {_SENTENCES[recipe.task]}"
    model = build(recipe)
    table = _table(list_layers(model))
    sections = [title, draw(recipe), _notes(recipe), table, _assumptions(recipe), _equations(recipe)]
    return "\n\n".join(sections)


def _notes(recipe: Recipe) -> str:
    """What the drawing cannot show."""
    notes = ["Unrolled over three steps. The boxes in a row are one layer: they share weights."]
    if not isinstance(recipe, CaptioningRecipe) and recipe.backbone.bidirectional:
        notes.append("The upper cell of a box reads forwards, the lower one backwards.")
    if not isinstance(recipe, ClassificationRecipe | TaggingRecipe):
        notes.append("The arrow in the middle: the first state is made from the last one read.")
        if isinstance(recipe, CaptioningRecipe):
            notes[-1] = "The arrow in the middle: the first state is made from the whole picture."
        if recipe.head.input_feeding:
            notes.append("Input feeding: each attention vector joins the next input.")
    return "\n".join(notes)


def _table(layers: list[Layer]) -> str:
    total = sum(layer.parameters for layer in layers)
    lines = [f"{'layer':<18} {'kind':<15} {'output shape':<18} {'parameters':>12} {'share':>7}", "─" * 74]
    for layer in layers:
        count = "shared" if layer.is_shared else f"{layer.parameters:,}"
        share = f"{layer.parameters / total:.1%}"
        shape = f"({layer.shapes[1]})"
        lines.append(f"{layer.name:<18} {layer.kind:<15} {shape:<18} {count:>12} {share:>7}")
        lines.append(f"  ({layer.shapes[0]}) in: {layer.does}")
    lines += ["─" * 74, f"total: {total:,} parameters, {4 * total / 1e6:.1f} MB as float32"]
    return "\n".join(lines)


def _assumptions(recipe: Recipe) -> str:
    """What the numbers rest on, as there is no data."""
    size = f"{recipe.tokenizer.vocab_size:,}"
    text = f"Batches of one row, T steps read. Vocabulary: {size} tokens, the most that the recipe allows."
    if isinstance(recipe, ClassificationRecipe | TaggingRecipe):
        text += f" The labels are only known with the data; parameters are those for {NUM_LABELS}."
    else:
        text += " U is the number of tokens written."
    if isinstance(recipe, TaggingRecipe) and recipe.input.characters is not None:
        text += f" For the spelling {NUM_CHARACTERS} characters are assumed."
    return "\n".join(wrap(text, _WIDTH))


def _equations(recipe: Recipe) -> str:
    """Those of the cells and of the attention."""
    cells = [getattr(block, "cell", None) for block in (getattr(recipe, "backbone", None), recipe.head)]
    texts = []
    for cell in dict.fromkeys(filter(None, cells)):
        equations, source = _EQUATIONS[cell]
        name = f"{cell.upper()} ({source}); input x, state h, ' the next step:"
        texts.append("\n".join([name, *(f"  {line}" for line in equations.splitlines())]))
    if attention := getattr(recipe.head, "attention", None):
        texts.append(
            f"attention, weights = softmax over m of the score of state h and read state m:\n  {_ATTENTION[attention]}"
        )
    return "\n\n".join(texts)
