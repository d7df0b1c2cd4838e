from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.data.placeholders import TOKENS, mask, unmask

PIECES = st.sampled_from(["{a}", "{b_2}", "{é}", "{", "}", "{}", "{{a}}", " ", "text", "{a b}"])
SOURCES = st.lists(PIECES | st.integers(0, 12).map(lambda number: f"{{n{number}}}"), max_size=25).map("".join)


@settings(max_examples=100, deadline=None)
@given(source=SOURCES, target=SOURCES)
def test_unmask_undoes_mask(source, target):
    masked, names = mask(source)
    assert unmask(masked, names) == source
    assert len(names) == len(set(names)) <= len(TOKENS)
    masked_target, same = mask(target, names)
    assert same == names
    assert unmask(masked_target, names) == target


def test_numbers_follow_the_source():
    masked, names = mask("{b} of {a}, {b}")
    assert (masked, names) == ("<ph0> of <ph1>, <ph0>", ["{b}", "{a}"])
    assert mask("{a} : {b} {c}", names)[0] == "<ph1> : <ph0> {c}"


def test_a_number_that_the_source_lacks_is_dropped():
    assert unmask("x <ph1>y <ph0>", ["{a}"]) == "x y {a}"
