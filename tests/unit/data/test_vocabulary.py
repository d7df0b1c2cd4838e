from seqtasks.data.tokenization import UNK
from seqtasks.data.vocabulary import Vocabulary

ITEMS = ["b", "a", "c", "a", "b", "a", "d"]


def test_frequent_items_get_ids_and_ties_are_alphabetical():
    vocabulary = Vocabulary.fit(ITEMS, vocab_size=3)
    assert vocabulary.encode(["a", "b", "c", "d", "x"]).tolist() == [2, 3, 4, UNK, UNK]
    assert len(vocabulary) == 5  # padding and unknown stand first


def test_rare_items_are_known_to_have_been_seen():
    vocabulary = Vocabulary.fit(ITEMS, min_frequency=2)
    assert len(vocabulary) == 4
    assert vocabulary.encode(["d"]).tolist() == [UNK]
    assert "d" in vocabulary
    assert "x" not in vocabulary


def test_saved_and_loaded_it_is_the_same(tmp_path):
    vocabulary = Vocabulary.fit([*ITEMS, "é", ""], vocab_size=4)
    vocabulary.save(tmp_path / "v.json")
    loaded = Vocabulary.load(tmp_path / "v.json")
    items = [*ITEMS, "é", "", "x"]
    assert loaded.encode(items).tolist() == vocabulary.encode(items).tolist()
    assert len(loaded) == len(vocabulary)
    assert "d" in loaded


def test_nothing_to_learn():
    vocabulary = Vocabulary.fit([])
    assert len(vocabulary) == 2
    assert vocabulary.encode(["a"]).tolist() == [UNK]
    assert vocabulary.encode([]).tolist() == []


def test_further_items_take_the_ids_that_are_left(tmp_path):
    vocabulary = Vocabulary.fit(ITEMS, min_frequency=2, vocab_size=4, further=["x", "a", "d", "y"])
    assert vocabulary.encode(["a", "b", "x", "d", "y", "c"]).tolist() == [2, 3, 4, 5, UNK, UNK]
    assert [item in vocabulary for item in "abcdxy"] == [True, True, True, True, False, False]
    vocabulary.save(tmp_path / "v.json")
    loaded = Vocabulary.load(tmp_path / "v.json")
    assert loaded.encode(["x", "d"]).tolist() == [4, 5]
    assert "x" not in loaded
    assert "d" in loaded
