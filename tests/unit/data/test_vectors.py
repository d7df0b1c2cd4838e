import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import Dataset
from safetensors.numpy import save_file

from seqtasks.data.vectors import read_vectors
from seqtasks.errors import DataError

WORDS = ["the", "of", "ä", "the"]
VALUES = np.array([[0.5, -1.0], [2.0, 3.0], [0.25, 0.0], [9.0, 9.0]], dtype=np.float32)


def as_text(folder, head=""):
    lines = "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in zip(WORDS, VALUES.tolist(), strict=True))
    path = folder / "vectors.txt"
    path.write_text(head + lines, encoding="utf-8")
    return path


def as_parquet(folder, name="vectors.parquet"):
    pq.write_table(pa.table({"word": WORDS, "vector": VALUES.tolist()}), folder / name)
    return folder / name


def as_safetensors(folder):
    path = folder / "vectors.safetensors"
    save_file({"vectors": VALUES}, path, metadata={"words": '["the", "of", "ä", "the"]'})
    return path


def as_data_set(folder):
    (folder / "set").mkdir()
    Dataset.from_dict({"word": WORDS, "vector": VALUES.tolist()}).to_parquet(folder / "set" / "train.parquet")
    return folder / "set"


@pytest.mark.parametrize(
    "write", [as_text, lambda folder: as_text(folder, "4 2\n"), as_parquet, as_safetensors, as_data_set]
)
def test_every_format_gives_the_same(write, tmp_path, monkeypatch):
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    vectors = read_vectors(str(write(tmp_path)))
    assert vectors.words == ["the", "of", "ä"]  # of a word that comes twice, the first
    np.testing.assert_array_equal(vectors.values, VALUES[:3])
    assert vectors.values.dtype == np.float32
    assert vectors.size == 2


def test_a_word_without_a_vector_takes_that_of_its_lower_case(tmp_path):
    places, values = read_vectors(str(as_text(tmp_path))).found(["The", "xyz", "of", "Ä"])
    assert places.tolist() == [0, 2, 3]
    np.testing.assert_array_equal(values, VALUES[[0, 1, 2]])


def test_a_word_may_hold_spaces(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("the 1 2\n. . . 3 4\n", encoding="utf-8")
    assert read_vectors(str(path)).words == ["the", ". . ."]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("the 1 2\nof 1 x\n", "v.txt:2: .*expected a word and 2 numbers"),
        ("the 1 2\n3 1\n", "v.txt:2: has 2 parts"),
        ("", "0 words"),
        ("the 1 nan\n", "one finite vector"),
    ],
)
def test_what_cannot_be_read_is_named(content, message, tmp_path):
    (tmp_path / "v.txt").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_vectors(str(tmp_path / "v.txt"))


@pytest.mark.parametrize("name", ["missing.parquet", "damaged.parquet", "damaged.safetensors", "other.parquet"])
def test_files_of_another_kind(name, tmp_path):
    if name.startswith("damaged"):
        (tmp_path / name).write_bytes(b"0123456789" * 3)
    elif name.startswith("other"):
        pq.write_table(pa.table({"token": WORDS}), tmp_path / name)
    with pytest.raises(DataError, match=r"input\.vectors: "):
        read_vectors(str(tmp_path / name))
