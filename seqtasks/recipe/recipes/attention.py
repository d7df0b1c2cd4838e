"""Sizes that attention needs to agree."""

from collections.abc import Iterator

from seqtasks.recipe.blocks import DecoderHeadBlock


def attention_conflicts(head: DecoderHeadBlock, states_size: int) -> Iterator[tuple[str, str]]:
    """An attention that cannot compare the decoder's states with the input's, of `states_size` units."""
    if head.attention == "dot" and head.hidden_size != states_size:
        yield (
            "head.attention",
            f"dot compares vectors of one size, but head.hidden_size is {head.hidden_size} and the input's states have "
            f"{states_size} units; make them equal or use general",
        )
    if head.attention == "multihead" and states_size % head.num_heads:
        yield (
            "head.num_heads",
            f"{head.num_heads} heads cannot share the {states_size} units of the input's states evenly; use a divisor",
        )
