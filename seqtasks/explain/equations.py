"""The equations of what a recipe uses: cells, attention, links between tags."""

from collections.abc import Iterator

from seqtasks.recipe import Recipe

_CELLS = {
    "rnn_tanh": ("RNN", "Elman 1990", "h' = tanh(W x + U h + b)"),
    "rnn_relu": ("RNN with ReLU", "Le, Jaitly and Hinton 2015", "h' = relu(W x + U h + b)"),
    "lstm": (
        "LSTM",
        "Hochreiter and Schmidhuber 1997",
        "i, f, o = σ(W x + U h + b)       input, forget and output gate\n"
        "g  = tanh(W x + U h + b)         what could be stored\n"
        "c' = f · c + i · g               the memory\n"
        "h' = o · tanh(c')",
    ),
    "gru": (
        "GRU",
        "Cho et al. 2014",
        "r, z = σ(W x + U h + b)          reset and update gate\n"
        "n  = tanh(W x + r · (U h + b))   the new content\n"
        "h' = (1 - z) · n + z · h",
    ),
    "mingru": (
        "minGRU",
        "Feng et al. 2024",
        "z  = σ(W x + b)                  update gate\n"
        "c  = W x + b                     the new content\n"
        "h' = (1 - z) · h + z · c         nothing else needs h: all steps train at once",
    ),
    "minlstm": (
        "minLSTM",
        "Feng et al. 2024",
        "f, i = σ(W x + b)                forget and input gate\n"
        "c  = W x + b                     the new content\n"
        "h' = (f · h + i · c) / (f + i)   nothing else needs h: all steps train at once",
    ),
}
_ATTENTION = {
    "dot": "h · m",
    "general": "h · W m",
    "additive": "v · tanh(W h + U m)",
    "multihead": "(W h) · (U m) / √size, in several heads side by side",
}
_CRF = "p(y) = exp(Σ s[t, y_t] + Σ a[y_t, y_t+1]) / the sum over all sequences"


def equations(recipe: Recipe) -> Iterator[str]:
    """A paragraph for each kind of part that has equations."""
    blocks = getattr(recipe, "backbone", None), recipe.head
    cells = (getattr(block, "cell", None) for block in blocks)
    for cell in dict.fromkeys(filter(None, cells)):
        name, source, lines = _CELLS[cell]
        yield "\n".join([f"{name} ({source}); input x, state h, ' the next step:", *_indented(lines)])
    if attention := getattr(recipe.head, "attention", None):
        title = "attention, weights = softmax over m of the score of state h and read state m:"
        yield "\n".join([title, *_indented(_ATTENTION[attention])])
    if getattr(recipe.head, "crf", False):
        title = "CRF (Lafferty et al. 2001); tags y, scores s of a tag at a step, a of a pair:"
        yield "\n".join([title, *_indented(_CRF)])


def _indented(lines: str) -> list[str]:
    return [f"  {line}" for line in lines.splitlines()]
