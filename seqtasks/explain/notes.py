"""What the drawing cannot show, and what the numbers rest on."""

from collections.abc import Iterator

from seqtasks.backbone import AttributeInput, FeatureInput, FrameInput, ImageInput, TokenInput
from seqtasks.explain.layers import STEPS, Layer, frame_size
from seqtasks.explain.stand_ins import fills_vocabulary
from seqtasks.heads import ClassificationHead, CRFTaggingHead, DecoderHead, LanguageModelHead, TaggingHead
from seqtasks.recipe import Recipe
from seqtasks.recipe.blocks import BackboneBlock
from seqtasks.tasks.model import SequenceModel


def notes(recipe: Recipe, model: SequenceModel) -> Iterator[str]:
    """Sentences that belong to the drawing."""
    head = model.head
    if model.backbone is None and not isinstance(head, DecoderHead):
        yield "One answer to one thing: there are no steps, and so no recurrent cell."
        return
    yield "Unrolled over three steps. The boxes in a row are one layer: they share weights."
    if block := getattr(recipe, "backbone", None):
        yield from _backbone(block)
    if isinstance(head, DecoderHead):
        yield f"The arrow in the middle: the first state is made from {_start(model)}."
        if head.input_feeding:
            yield "Input feeding: each attention vector joins the next input."
    if isinstance(head, CRFTaggingHead):
        yield "The lines between the tags: a CRF also scores each pair of neighbours."
        yield "The answer is the sequence of tags whose scores have the highest sum."
    if isinstance(head, LanguageModelHead):
        yield "Each token is the next input: in training that of the text, in writing the drawn one."
    if stream := getattr(recipe, "stream", None):
        yield f"In training errors go back {stream.bptt_steps} steps at most; the state is carried on from there."


def _backbone(block: BackboneBlock) -> Iterator[str]:
    """Options of the recurrent layers."""
    if block.bidirectional:
        yield "The upper cell of a box reads forwards, the lower one backwards."
    if block.residual:
        yield "Each layer's input is added to its output, where they have the same size."
    if block.initialization == "identity":
        yield "Recurrent weights start as the identity: a state stays until something is read."
    if block.learn_initial_state:
        yield "The state before the first step is learned; otherwise it would be zero."
    if block.weight_dropout:
        share = f"{block.weight_dropout:.0%}"
        yield f"Training drops {share} of the recurrent weights, the same for all steps of a batch."


def _start(model: SequenceModel) -> str:
    if model.backbone is not None:
        return "the last one read"
    return "the sum" if isinstance(model.input, AttributeInput) else "the whole picture"


def assumptions(recipe: Recipe, model: SequenceModel, layers: list[Layer]) -> Iterator[str]:
    """Sentences that belong to the table."""
    shapes = " ".join(shape for layer in layers for shape in layer.shapes)
    steps = [f"{letter} {meaning}" for letter, meaning in STEPS.items() if letter in shapes]
    yield f"Shapes are those of one row{': ' if steps else ''}{', '.join(steps)}."
    yield f"Only known with the data, and assumed here: {', '.join(_sizes(model))}."
    if fills_vocabulary(recipe):
        yield "Vocabularies are the largest that the recipe allows."


def _sizes(model: SequenceModel) -> Iterator[str]:
    """What the stand-ins for the data made up."""
    match model.input:
        case TokenInput(embedding=embedding, characters=characters, factors=factors):
            yield f"{embedding.num_embeddings:,} tokens to read"
            if characters is not None:
                yield f"{characters.embedding.num_embeddings:,} characters"
            for factor in factors:
                yield f"{len(factor.get_parameter('weight')):,} values of a further column"
        case FrameInput() as frames:
            size = frame_size(frames)
            yield f"{size} number{'s' * (size > 1)} in a frame"
        case AttributeInput(embedding=embedding):
            yield f"{embedding.num_embeddings:,} attributes"
        case ImageInput() | FeatureInput():
            pass
    match model.head:
        case DecoderHead(embedding=embedding):
            yield f"{embedding.num_embeddings:,} tokens to write"
        case ClassificationHead(output=output) | TaggingHead(output=output) | CRFTaggingHead(output=output):
            yield f"{output.out_features} labels"
