"""The network unrolled over three steps, as textbooks draw it. Reads the recipe alone.

Time runs to the right, data from the bottom to the top. A box is a cell at one step; both directions of a
bidirectional layer share a box, the upper line reading forwards, the lower one backwards.
"""

from dataclasses import dataclass
from itertools import pairwise

from seqtasks.explain.canvas import Canvas
from seqtasks.recipe import CaptioningRecipe, ClassificationRecipe, Recipe, TaggingRecipe, TranslationRecipe

CELLS = {"rnn_tanh": "RNN", "rnn_relu": "RNN", "lstm": "LSTM", "gru": "GRU"}
"""What a cell is called in a drawing."""

_HALF = 4  # from the middle of a cell's box to its edge
_PITCH = 11  # from one step to the next
_READING, _WRITING = 5, 43  # the middle of the first step of what reads, and of a decoder
_HEAD = 6  # lines above the topmost layer: an output, its softmax, and two arrows


@dataclass(frozen=True)
class _Stack:
    """Recurrent layers over three steps.

    Attributes:
        first: the middle of the first step.
        cell: its name.
        layers: on top of each other.
        bidirectional: each box holds two directions.
    """

    first: int
    cell: str
    layers: int
    bidirectional: bool = False

    @property
    def columns(self) -> list[int]:
        """The middle of each step."""
        return [self.first + step * _PITCH for step in range(3)]

    @property
    def edges(self) -> tuple[int, int]:
        """The first and the last column that boxes take up."""
        return self.first - _HALF, self.columns[-1] + _HALF

    @property
    def step(self) -> int:
        """Lines from one layer to the next."""
        return 4 + self.bidirectional

    @property
    def height(self) -> int:
        """Lines of all layers, with the arrows below each."""
        return self.layers * self.step

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw the layers, the last one's upper edge at line `top`, and the arrows into each."""
        lines = [top + layer * self.step for layer in range(self.layers)]
        for line in lines:
            self._draw_layer(canvas, line)
        for line in lines:
            for column in self.columns:
                edge = line + self.step - 2
                canvas.up(edge + (2 if line != lines[-1] else 1), edge, column)

    def _draw_layer(self, canvas: Canvas, line: int) -> None:
        for column in self.columns:
            canvas.box(line, column - _HALF, column + _HALF, [CELLS[self.cell]] * (1 + self.bidirectional))
        for before, after in pairwise(self.columns):
            canvas.right(line + 1, before + _HALF + 1, after - _HALF - 1)
            if self.bidirectional:
                canvas.left(line + 2, before + _HALF + 1, after - _HALF - 1)


def draw(recipe: Recipe) -> str:
    """The diagram of a recipe's network."""
    if isinstance(recipe, ClassificationRecipe):
        return _draw_classifier(recipe)
    if isinstance(recipe, TaggingRecipe):
        return _draw_tagger(recipe)
    return _draw_decoder(recipe)


def _reader(recipe: ClassificationRecipe | TaggingRecipe | TranslationRecipe) -> _Stack:
    block = recipe.backbone
    return _Stack(_READING, block.cell, block.num_layers, block.bidirectional)


def _draw_classifier(recipe: ClassificationRecipe) -> str:
    canvas, stack = Canvas(), _reader(recipe)
    pooling = {
        "final": "the last state of each direction" if stack.bidirectional else "the last state",
        "mean": "the mean of all states",
        "max": "the maximum of all states",
        "attention": "a weighted sum of all states",
    }[recipe.head.pooling]
    canvas.centred(0, stack.columns[1], "label")
    canvas.box(2, *stack.edges, [pooling, "softmax"])
    canvas.up(2, 1, stack.columns[1])
    stack.draw(canvas, 7)
    used = stack.columns
    if recipe.head.pooling == "final":
        used = [stack.columns[0], stack.columns[2]] if stack.bidirectional else stack.columns[2:]
    for column in used:
        canvas.up(7, 5, column)
    _inputs(canvas, stack, 7, ["x1", "x2", "x3"])
    return canvas.render()


def _draw_tagger(recipe: TaggingRecipe) -> str:
    canvas, stack = Canvas(), _reader(recipe)
    stack.draw(canvas, _HEAD)
    _outputs(canvas, stack, ["tag1", "tag2", "tag3"])
    _inputs(canvas, stack, _HEAD, ["x1", "x2", "x3"])
    return canvas.render()


def _draw_decoder(recipe: CaptioningRecipe | TranslationRecipe) -> str:
    """What is read on the left, the text that is written on the right, attention across both."""
    canvas, head = Canvas(), recipe.head
    attends = head.attention is not None
    lower = _Stack(_WRITING, head.cell, 1 if attends else head.num_layers)
    top = _HEAD
    if attends:
        upper = _Stack(_WRITING, head.cell, head.num_layers - 1)
        bar = _HEAD + upper.height
        top = bar + 4
        canvas.box(bar, _READING - _HALF, lower.edges[1], [f"{head.attention} attention to what was read"])
        if upper.layers:
            upper.draw(canvas, _HEAD)
            for column in upper.columns:  # the arrows into the lowest layer start at the bar
                canvas.up(bar, bar - 2, column)
    lower.draw(canvas, top)
    _outputs(canvas, lower, ["y1", "y2", "</s>"])
    read = _draw_encoder(canvas, recipe, top) if isinstance(recipe, TranslationRecipe) else _draw_picture(canvas, top)
    if attends:
        for column in (*read.columns, *lower.columns):
            canvas.up(top, top - 2, column)
    canvas.right(top + 1, read.edges[1] + 1, lower.edges[0] - 1)
    _inputs(canvas, lower, top, ["<s>", "y1", "y2"])
    return canvas.render()


def _draw_encoder(canvas: Canvas, recipe: TranslationRecipe, top: int) -> _Stack:
    stack = _reader(recipe)
    stack.draw(canvas, top)
    _inputs(canvas, stack, top, ["x1", "x2", "x3"])
    return stack


def _draw_picture(canvas: Canvas, top: int) -> _Stack:
    place = _Stack(_READING, "", 1)
    canvas.box(top, *place.edges, ["convolutional network"])
    canvas.up(top + 3, top + 2, place.columns[1])
    canvas.centred(top + 4, place.columns[1], "picture")
    return place


def _outputs(canvas: Canvas, stack: _Stack, names: list[str]) -> None:
    """A softmax and a name above each step; what lies below it begins at line `_HEAD`."""
    for column, name in zip(stack.columns, names, strict=True):
        canvas.centred(0, column, name)
        canvas.box(2, column - _HALF, column + _HALF, ["softmax"])
        canvas.up(2, 1, column)
        canvas.up(_HEAD, 4, column)


def _inputs(canvas: Canvas, stack: _Stack, top: int, names: list[str]) -> None:
    """A name below each step."""
    for column, name in zip(stack.columns, names, strict=True):
        canvas.centred(top + stack.height, column, name)
