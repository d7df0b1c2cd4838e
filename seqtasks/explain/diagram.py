"""The network unrolled over three steps, as textbooks draw it.

Time runs to the right, data from the bottom to the top. A box is a cell at one step; both directions of a
bidirectional layer share a box, the upper line reading forwards, the lower one backwards. What is drawn depends on the
kinds of the parts alone: something is read, and a head answers once, at each step, or by writing a text.
"""

from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from seqtasks.backbone import RNN, AttributeInput, FeatureInput
from seqtasks.explain.canvas import Canvas
from seqtasks.explain.layers import POOLING, cell_name
from seqtasks.heads import ClassificationHead, CRFTaggingHead, DecoderHead, LanguageModelHead, RegressionHead
from seqtasks.recipe import Recipe
from seqtasks.tasks.model import SequenceModel

_HALF = 4  # from the middle of a cell's box to its edge
_PITCH, _WIDE_PITCH = 11, 14  # from one step to the next; with room for a line in between
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
        pitch: from one step to the next.
    """

    first: int
    cell: str = ""
    layers: int = 1
    bidirectional: bool = False
    pitch: int = _PITCH

    @property
    def columns(self) -> list[int]:
        """The middle of each step."""
        return [self.first + step * self.pitch for step in range(3)]

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
            canvas.box(line, column - _HALF, column + _HALF, [self.cell] * (1 + self.bidirectional))
        for before, after in pairwise(self.columns):
            canvas.right(line + 1, before + _HALF + 1, after - _HALF - 1)
            if self.bidirectional:
                canvas.left(line + 2, before + _HALF + 1, after - _HALF - 1)


def draw(recipe: Recipe, model: SequenceModel) -> str:
    """The diagram of a recipe's network."""
    canvas, head = Canvas(), model.head
    match head:
        case ClassificationHead():
            _draw_one_answer(canvas, model, head, output="softmax", answer="label")
        case RegressionHead():
            _draw_one_answer(canvas, model, head, output="linear layer", answer=_numbers(recipe, head))
        case LanguageModelHead():
            _draw_language_model(canvas, model)
        case DecoderHead():
            _draw_decoder(canvas, model, head)
        case _:
            _draw_tagger(canvas, model)
    return canvas.render()


def _numbers(recipe: Recipe, head: RegressionHead) -> str:
    """What numbers are: those of a forecast are the next steps of what is read."""
    if forecast := getattr(recipe, "forecast", None):
        steps = forecast.prediction_length
        return "the next step" if steps == 1 else f"the next {steps} steps"
    return "number" if head.output.out_features == 1 else f"{head.output.out_features} numbers"


def _draw_one_answer(
    canvas: Canvas, model: SequenceModel, head: ClassificationHead | RegressionHead, *, output: str, answer: str
) -> None:
    """One answer above all steps, or above what is read without steps."""
    reader, texts = _Stack(_READING), [output]
    used = reader.columns[1:2]
    if model.backbone is not None:
        reader, kind = _stack(model.backbone), head.pooling.kind
        last = "each direction's last state" if reader.bidirectional else "the last state"
        texts.insert(0, last if kind == "final" else POOLING[kind])
        used = reader.columns
        if kind == "final":
            used = [used[0], used[2]] if reader.bidirectional else used[2:]
    canvas.centred(0, reader.columns[1], answer)
    canvas.box(2, *reader.edges, texts)
    canvas.up(2, 1, reader.columns[1])
    top = len(texts) + 5
    _draw_reader(canvas, model, top)
    for column in used:
        canvas.up(top, top - 2, column)


def _draw_tagger(canvas: Canvas, model: SequenceModel) -> None:
    stack = _draw_reader(canvas, model, _HEAD)
    is_linked = isinstance(model.head, CRFTaggingHead)
    _draw_outputs(canvas, stack, ["tag1", "tag2", "tag3"], "scores" if is_linked else "softmax")
    if is_linked:
        for before, after in pairwise(stack.columns):
            canvas.line(0, before + _HALF, after - _HALF)


def _draw_language_model(canvas: Canvas, model: SequenceModel) -> None:
    """Each output is led down, between the cells, to where the next input stands."""
    stack = _stack(model.backbone, pitch=_WIDE_PITCH)
    stack.draw(canvas, _HEAD)
    _draw_outputs(canvas, stack, ["y1", "y2", "y3"])
    _draw_inputs(canvas, stack, _HEAD, ["</s>", "y1", "y2"])
    for before, after in pairwise(stack.columns):
        canvas.around(0, _HEAD + stack.height, left=before + 2, column=(before + after) // 2, right=after - 3)


def _draw_decoder(canvas: Canvas, model: SequenceModel, head: DecoderHead) -> None:
    """What is read on the left, the text that is written on the right, attention across both."""
    cell, layers = cell_name(head.layers[0]), len(head.layers)
    lower = _Stack(_WRITING, cell, layers if head.attention is None else 1)
    top = _HEAD
    if head.attention is not None:
        upper = _Stack(_WRITING, cell, layers - 1)
        bar = _HEAD + upper.height
        top = bar + 4
        canvas.box(bar, _READING - _HALF, lower.edges[1], [f"{head.attention.kind} attention to what was read"])
        if upper.layers:
            upper.draw(canvas, _HEAD)
            for column in upper.columns:  # the arrows into the lowest layer start at the bar
                canvas.up(bar, bar - 2, column)
    lower.draw(canvas, top)
    _draw_outputs(canvas, lower, ["y1", "y2", "</s>"])
    reader = _draw_reader(canvas, model, top)
    if head.attention is not None:
        for column in (*reader.columns, *lower.columns):
            canvas.up(top, top - 2, column)
    canvas.right(top + 1, reader.edges[1] + 1, lower.edges[0] - 1)
    _draw_inputs(canvas, lower, top, ["<s>", "y1", "y2"])


def _draw_reader(canvas: Canvas, model: SequenceModel, top: int) -> _Stack:
    """An encoder over its inputs, or one box where nothing is read step by step."""
    if model.backbone is not None:
        stack = _stack(model.backbone)
        stack.draw(canvas, top)
        _draw_inputs(canvas, stack, top, ["x1", "x2", "x3"])
        return stack
    place = _Stack(_READING)
    text, names = _without_steps(model.input)
    canvas.box(top, *place.edges, [text])
    for column, name in zip(place.columns, names, strict=True):
        if name:
            canvas.up(top + 3, top + 2, column)
    _draw_inputs(canvas, place, top, names)
    return place


def _without_steps(part: nn.Module) -> tuple[str, list[str]]:
    """What an input does that needs no backbone, and what goes in on the left, in the middle and on the right."""
    if isinstance(part, AttributeInput):
        return "sum of attribute vectors", ["a1", "a2", "a3"]
    if isinstance(part, FeatureInput):
        return f"{part.output_size} numbers", ["", "vector", ""]
    return "convolutional network", ["", "picture", ""]


def _stack(part: RNN | None, pitch: int = _PITCH) -> _Stack:
    if part is None:
        raise TypeError("model.backbone: there is none; expected one, as the head answers at each step")
    layers, both = part.forward_layers, bool(part.backward_layers)
    return _Stack(_READING, cell_name(layers[0]), len(layers), both, pitch)


def _draw_outputs(canvas: Canvas, stack: _Stack, names: list[str], layer: str = "softmax") -> None:
    """A layer and a name above each step; what lies below it begins at line `_HEAD`."""
    for column, name in zip(stack.columns, names, strict=True):
        canvas.centred(0, column, name)
        canvas.box(2, column - _HALF, column + _HALF, [layer])
        canvas.up(2, 1, column)
        canvas.up(_HEAD, 4, column)


def _draw_inputs(canvas: Canvas, stack: _Stack, top: int, names: list[str]) -> None:
    """A name below each step."""
    for column, name in zip(stack.columns, names, strict=True):
        canvas.centred(top + stack.height, column, name)
