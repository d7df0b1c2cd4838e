import pytest

from seqtasks.data.conllu import read_conllu
from seqtasks.errors import DataError

SENTENCES = """\
# sent_id = 1
# text = Vámonos al mar.
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\tV\tMood=Imp\t0\troot\t_\t_
2\tnos\tnosotros\tPRON\tP\tCase=Acc\t1\tobj\t_\t_
3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_
3\ta\ta\tADP\tA\t_\t5\tcase\t_\t_
4\tel\tel\tDET\tD\t_\t5\tdet\t_\t_
5\tmar\tmar\tNOUN\tN\t_\t1\tobl\t_\tSpaceAfter=No
5.1\tgone\tgo\tVERB\t_\t_\t_\t_\t_\t_
6\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_

# a comment alone is no sentence

1\t#\t#\tSYM\t_\t_\t0\troot\t_\t_
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_words_without_ranges_and_empty_nodes(tmp_path, encoding, line_end):
    path = tmp_path / "es.conllu"
    path.write_bytes(SENTENCES.replace("\n", line_end).encode(encoding))
    rows = read_conllu([path, path])
    assert rows.column_names == ["tokens", "lemmas", "upos", "xpos", "feats", "text"]
    assert len(rows) == 4
    assert rows[0] == {
        "tokens": ["Vamos", "nos", "a", "el", "mar", "."],
        "lemmas": ["ir", "nosotros", "a", "el", "mar", "."],
        "upos": ["VERB", "PRON", "ADP", "DET", "NOUN", "PUNCT"],
        "xpos": ["V", "P", "A", "D", "N", "_"],
        "feats": ["Mood=Imp", "Case=Acc", "_", "_", "_", "_"],
        "text": "Vámonos al mar.",
    }
    assert rows[1]["tokens"] == ["#"]
    assert rows[1]["text"] == "#"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 a a X _ _ 0 root _ _", "1 fields; expected 10"),
        ("one\ta\ta\tX\t_\t_\t0\troot\t_\t_", 'starts with "one"'),
        ("1\t\ta\tX\t_\t_\t0\troot\t_\t_", "expected a word's number and the word"),
    ],
)
def test_malformed_line_is_named(tmp_path, line, message):
    path = tmp_path / "bad.conllu"
    path.write_text(f"# text = a\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"bad\.conllu:2: .*{message}"):
        read_conllu([path])


def test_unreadable_file_is_named(tmp_path):
    (tmp_path / "latin.conllu").write_bytes("é".encode("latin-1"))
    for name in ("latin.conllu", "none.conllu"):
        with pytest.raises(DataError, match=rf"{name}: cannot be read"):
            read_conllu([tmp_path / name])
