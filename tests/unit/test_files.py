import pytest

from seqtasks.errors import RunError
from seqtasks.files import read_json, replacing, write_json, write_text


def test_what_is_written_is_read(tmp_path):
    value = {"é": [1, 2.5, None], "b": "\u2028"}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value
    assert "é" in (tmp_path / "a.json").read_text(encoding="utf-8")


def _write_half(path):
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise KeyError


def test_a_file_that_fails_half_way_is_left_as_it_was(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(KeyError):
        _write_half(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_is_replaced_in_one_piece(tmp_path):
    """Who has the old file open goes on reading the old text, never a mixture."""
    write_text(tmp_path / "a.txt", "old")
    with (tmp_path / "a.txt").open() as reader:
        write_text(tmp_path / "a.txt", "new text")
        assert reader.read() == "old"
    assert (tmp_path / "a.txt").read_text() == "new text"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(RunError, match=r"a\.txt: cannot be written \(No such file.*expected a writable directory"):
        write_text(tmp_path / "missing" / "a.txt", "x")


def test_missing_and_damaged_files_are_named(tmp_path):
    path = tmp_path / "scores.json"
    with pytest.raises(RunError, match=r"scores\.json: there is no such file; expected a finished run; .*--resume"):
        read_json(path)
    for damage in (b"{", b"\xff\xfe"):
        path.write_bytes(damage)
        with pytest.raises(RunError, match=r"scores\.json: cannot be read \(.*\); expected JSON"):
            read_json(path)
