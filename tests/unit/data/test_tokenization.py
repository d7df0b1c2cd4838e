import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.data.placeholders import TOKENS
from seqtasks.data.tokenization import BOS, EOS, PAD, SPECIAL_TOKENS, UNK, TextTokenizer
from seqtasks.errors import RunError
from seqtasks.recipe.blocks import TokenizerBlock

LETTERS = "abcABCéß01(){}<>/.,'s ph"
TEXTS = ["a cab (b) é.", "{a}, ABC! ß's 01", "<b>ph</s> a/c", "cab cab cab", "? 123"] * 3
MODELS = ["word", "bpe", "character"]


def _fit(model: str, **options: int | bool | None) -> TextTokenizer:
    block = TokenizerBlock(model=model, **{"vocab_size": 200, "min_frequency": 1, **options})
    return TextTokenizer.fit(TEXTS, block, whole_tokens=TOKENS)


def _round_trip(tokenizer: TextTokenizer, text: str) -> str:
    return tokenizer.decode([tokenizer.encode([text], end=True)[0][0]])[0]


@pytest.mark.parametrize("model", ["bpe", "character"])
@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from(TOKENS[:3]) | st.text(LETTERS, max_size=6) | st.just("</s>"), max_size=6))
def test_a_text_of_known_characters_comes_back(model, pieces):
    tokenizer = TOKENIZERS[model]
    text = "".join(pieces)
    assert _round_trip(tokenizer, text) == text.strip()


TOKENIZERS = {model: _fit(model) for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_special_tokens_come_first(model):
    tokenizer = TOKENIZERS[model]
    assert tokenizer.tokens([PAD, UNK, BOS, EOS]) == SPECIAL_TOKENS
    assert tokenizer.decode([[PAD, BOS, EOS]]) == [""]


@pytest.mark.parametrize("model", MODELS)
def test_a_text_cannot_contain_special_tokens(model):
    """What stands in a data set is text: an end token there would end the translation."""
    ids = TOKENIZERS[model].encode(["<s>a</s> <pad>"])[0].values
    assert not {PAD, BOS, EOS} & set(ids.tolist())


@pytest.mark.parametrize("model", MODELS)
def test_placeholder_tokens_are_never_split(model):
    tokenizer = TOKENIZERS[model]
    assert tokenizer.tokens(tokenizer.encode(["(<ph0>)"])[0][0]).count("<ph0>") == 1


@pytest.mark.parametrize("model", MODELS)
def test_saved_and_loaded_it_is_the_same(model, tmp_path):
    TOKENIZERS[model].save(tmp_path / "tokenizer.json")
    loaded = TextTokenizer.load(tmp_path / "tokenizer.json", max_length=3)
    texts = ["a cab, <ph1>s é", "<s>", "", "xyz"]
    expected, _ = TOKENIZERS[model].encode(texts)
    found, cut = loaded.encode(texts)
    for index, row in enumerate(expected[index] for index in range(len(texts))):
        assert found[index].tolist() == row.tolist()[:3]
        assert cut[index] == (len(row) > 3)
    assert len(loaded) == len(TOKENIZERS[model])


def test_an_empty_text_has_a_step_to_run():
    for model in MODELS:
        ids, cut = TOKENIZERS[model].encode(["", "  " if model == "word" else ""])
        assert ids.lengths.tolist() == [1, 1]
        assert ids.values.tolist() == [UNK, UNK]
        assert not cut.any()
        assert TOKENIZERS[model].encode([""], end=True)[0].values.tolist() == [EOS]


def test_truncation_is_counted_and_leaves_room_for_the_end():
    tokenizer = _fit("character", max_length=3)
    ids, cut = tokenizer.encode(["abc", "abca", ""], end=True)
    assert cut.tolist() == [False, True, False]
    assert ids.lengths.tolist() == [4, 4, 1]
    assert ids[1][-1] == EOS


def test_words_and_options():
    tokenizer = TOKENIZERS["word"]
    assert tokenizer.tokens(tokenizer.encode(["cab ? xyz (b)"])[0][0]) == ["cab", "?", "<unk>", "(", "b", ")"]
    lower = _fit("word", lowercase=True)
    assert lower.tokens(lower.encode(["CAB"])[0][0]) == ["cab"]
    assert len(_fit("word", vocab_size=20)) == 20
    assert _fit("word", min_frequency=100).encode(["cab"])[0].values.tolist() == [UNK]


def test_composed_and_decomposed_characters_are_one():
    tokenizer = TOKENIZERS["character"]
    assert tokenizer.encode(["e\u0301"])[0].values.tolist() == tokenizer.encode(["é"])[0].values.tolist()


def test_more_texts_than_are_encoded_at_a_time(monkeypatch):
    monkeypatch.setattr("seqtasks.data.streaming.CHUNK", 2)
    tokenizer = _fit("character", max_length=2)
    ids, cut = tokenizer.encode(["a", "b", "abc", "c", "ab"])
    assert ids.lengths.tolist() == [1, 1, 2, 1, 2]
    assert cut.tolist() == [False, False, True, False, False]


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "tokenizer.json"
    for write in (lambda: None, lambda: path.write_text("{")):
        write()
        with pytest.raises(RunError, match=r"tokenizer\.json: cannot be read .*; expected a tokenizer"):
            TextTokenizer.load(path)


def test_words_that_look_like_special_tokens():
    """Benchmark texts mark rare words as <unk>; an end token in a text ends nothing."""
    block = TokenizerBlock(model="whitespace", min_frequency=1)
    tokenizer = TextTokenizer.fit(["the <unk> sat </s> .", "the <unk>", "<unk> <pad> it's"], block)
    ids, _ = tokenizer.encode(["the <unk> sat", "</s> <s> <pad>", "it's ."], end=True)
    assert ids.values.max() < len(tokenizer) == 8
    assert ids[0].tolist()[1:] == [UNK, tokenizer.ids(["sat"])[0], EOS]
    assert ids[1].tolist() == [UNK, UNK, UNK, EOS]
    assert UNK not in ids[2]
