import time

import datasets
import pyarrow as pa
import pytest
from PIL import Image

from seqtasks.data import catalog, origin
from seqtasks.data.columns import choose_columns
from seqtasks.data.source import Card, load_splits
from seqtasks.errors import DataError
from seqtasks.recipe.blocks import DatasetBlock, SplitBlock

README = """\
---
license: [mit, cc-by-4.0]
language: [en, no]
configs:
- config_name: default
  default: true
  data_files:
  - {split: train, path: train.parquet}
  - {split: test, path: test.parquet}
- config_name: tiny
  data_files:
  - {split: train, path: test.parquet}
---
# Toy sentences

```bibtex
@misc{toy}
```
"""
FEATURES = datasets.Features(
    {
        "sentence": datasets.Value("string"),
        "mood": datasets.ClassLabel(names=["sad", "glad"]),
        "words": datasets.Sequence(datasets.Value("large_string")),
        "tags": datasets.Sequence(datasets.ClassLabel(names=["A", "B"])),
        "pair": {"en": datasets.Value("string"), "class": datasets.ClassLabel(names=["x", "y"])},
        "count": datasets.Value("int64"),
        "flag": datasets.Value("bool"),
        "weight": datasets.Value("float64"),
    }
)


def row(number):
    return {
        "sentence": f"sentence {number}",
        "mood": number % 2,
        "words": [f"w{i}" for i in range(number % 3)],
        "tags": [i % 2 for i in range(number % 3)],
        "pair": {"en": f"english {number}", "class": number % 2},
        "count": number,
        "flag": number % 2 == 0,
        "weight": number / 2,
    }


def write(folder, split, numbers, **changes):
    rows = [row(number) for number in numbers]
    for name, (number, value) in changes.items():
        rows[number][name] = value
    datasets.Dataset.from_list(rows, features=FEATURES).to_parquet(folder / f"{split}.parquet")


@pytest.fixture(autouse=True)
def hub_cache(tmp_path_factory, monkeypatch):
    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("cache"))


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "train", range(40))
    write(tmp_path, "test", range(100, 110))
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    return tmp_path


def load(path, columns=None, *, train="train", validation="train[:5]", test="test", **options):
    split = SplitBlock(train=train, validation=validation, test=test)
    return load_splits(DatasetBlock(path=str(path), split=split, **options), columns=columns or {"text": "sentence"})


def test_roles_become_plain_columns(folder):
    columns = {"text": "sentence", "label": "mood", "tokens": "words", "tags": "tags", "source": "pair.en"}
    columns |= {"kind": "pair.class", "count": "count", "flag": "flag"}
    splits = load(folder, columns)
    assert splits.train.column_names == list(columns)
    assert splits.train[5] == {
        "text": "sentence 5",
        "label": "glad",
        "tokens": ["w0", "w1"],
        "tags": ["A", "B"],
        "source": "english 5",
        "kind": "y",
        "count": "5",
        "flag": "false",
    }
    assert splits.test["tags"][:] == [["A", "B"][: number % 3] for number in range(100, 110)]
    assert splits.card == Card("Toy sentences", "mit, cc-by-4.0", "@misc{toy}", None, ("en",))


def test_pictures_stay_pictures(tmp_path):
    pictures = [Image.new("L", (4, 4), shade) for shade in range(10)]
    rows = datasets.Dataset.from_dict(
        {"png": pictures, "name": [str(i) for i in range(10)]},
        features=datasets.Features({"png": datasets.Image(), "name": datasets.Value("string")}),
    )
    rows.to_parquet(tmp_path / "train.parquet")
    splits = load(tmp_path, {"image": "png", "caption": "name"}, test="train[5:]")
    assert splits.test[2]["image"].getpixel((0, 0)) == 7
    assert splits.test[2]["caption"] == "7"


@pytest.fixture(params=["folder", "stream", "csv", "jsonl", "text", "conllu", "catalog"])
def source(request, folder, monkeypatch):
    """The same fifty sentences from every kind of source: keyword arguments for `load`."""
    kind = request.param
    if kind in ("folder", "stream"):
        return {"path": folder, "columns": {"text": "sentence"}, "streaming": kind == "stream"}
    if kind == "catalog":
        splits = {
            split: datasets.Dataset.from_dict({"words": [f"sentence {number}" for number in numbers]})
            for split, numbers in (("train", range(40)), ("test", range(100, 110)))
        }
        monkeypatch.setattr(catalog, "load", lambda name, config: splits if name == "icons" else None)
        return {"path": "catalog/icons", "columns": {"text": "words"}}
    line = {"jsonl": '{{"text": "sentence {0}"}}\n', "conllu": "1\tsentence {0}" + "\t_" * 8 + "\n\n"}
    for split, numbers in (("train", range(40)), ("test", range(100, 110))):
        lines = [line.get(kind, "sentence {0}\n").format(number) for number in numbers]
        (folder / f"{split}.{kind}").write_text(("text\n" if kind == "csv" else "") + "".join(lines))
    files = {"train": [str(folder / f"tr*.{kind}")], "test": str(folder / f"test.{kind}")}
    return {"path": kind.removesuffix("l"), "columns": {"text": "text"}, "data_files": files}


def test_split_notation_for_every_source(source):
    absolute = load(**source, train="train[10:30]+test[:2]", validation="train[:5]", test="test[3:]")
    assert absolute.train["text"][:] == [f"sentence {i}" for i in (*range(10, 30), 100, 101)]
    assert absolute.validation["text"][:] == [f"sentence {i}" for i in range(5)]
    assert absolute.test["text"][:] == [f"sentence {i}" for i in range(103, 110)]
    if source.get("streaming"):
        with pytest.raises(DataError, match=r"dataset\.split\.train: train\[:90%\]; .*stream is unknown"):
            load(**source, train="train[:90%]")
    else:
        relative = load(**source, train="train[:90%]", validation="train[-4:]")
        assert len(relative.train) == 36
        assert relative.validation["text"][:] == [f"sentence {i}" for i in range(36, 40)]


def test_a_stream_is_read_no_further_than_asked(monkeypatch):
    read = []

    def rows():
        for number in range(10**9):
            read.append(number)
            yield {"text": str(number)}

    streams = datasets.IterableDatasetDict({"train": datasets.IterableDataset.from_generator(rows)})
    monkeypatch.setattr("seqtasks.data.source.open_source", lambda block: streams)
    splits = load(".", {"text": "text"}, train="train[:1500]", validation="train[1500:1510]", test="train[20:30]")
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [1500, 10, 10]
    assert splits.validation["text"][0] == "1500"
    assert max(read) < 2600


def test_validation_rows_are_held_out(folder):
    first, again = (load(folder, validation=None, validation_fraction=0.25) for _ in range(2))
    assert len(first.validation) == 10
    assert sorted([*first.train["text"], *first.validation["text"]]) == sorted(f"sentence {i}" for i in range(40))
    assert first.validation["text"][:] == again.validation["text"][:]
    assert first.validation["text"][:] != [f"sentence {i}" for i in range(10)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"text": "sentense"}}, 'columns.text: .*"sentense"; there are sentence, mood.*mean "sentence"'),
        ({"columns": {"text": "pair.fr"}}, r'no column "pair\.fr"; .*pair\.en, pair\.class'),
        ({"columns": {"text": "pair"}}, 'no column "pair"'),
        ({"columns": {"text": "weight"}}, 'columns.text: column "weight" of train holds double; expected text'),
        ({"test": "tset[:5]"}, 'split.test: there is no split "tset"; there are train, test; did you mean "test"'),
        ({"validation": "dev"}, 'split.validation: .*"dev".*cut it from another'),
        ({"test": "test[50:]"}, r"split.test: test\[50:\] has no rows; .*train 40, test 10"),
        ({"train": "train[one:]"}, r"split.train: train\[one:\] .*load_dataset's notation"),
        ({"validation": None, "train": "train[:1]"}, "0.1 of 1 training rows leaves none"),
        ({"name": "huge"}, "'huge' not found. Available: .*tiny"),
    ],
)
def test_what_is_not_there_is_named(folder, options, message):
    with pytest.raises(DataError, match=message):
        load(folder, **options)


@pytest.mark.parametrize(
    ("column", "value"), [("sentence", None), ("mood", -1), ("words", ["a", None]), ("words", None), ("pair", None)]
)
def test_a_row_without_value_is_numbered(folder, column, value):
    write(folder, "test", range(100, 110), **{column: (7, value)})
    with pytest.raises(DataError, match=r"of test\[2:\] has no value in row 5 "):
        load(folder, {"role": f"{column}.en" if column == "pair" else column}, test="test[2:]")


@pytest.mark.parametrize("streaming", [False, True])
def test_splits_of_different_types_are_refused(folder, streaming):
    (folder / "train.jsonl").write_text('{"text": ["a"]}\n' * 9)
    (folder / "test.jsonl").write_text('{"text": "a"}\n')
    files = {split: str(folder / f"{split}.jsonl") for split in ("train", "test")}
    with pytest.raises(DataError, match=r"dataset.path: json: Couldn't cast array of type string to List"):
        load("json", {"tokens": "text"}, data_files=files, streaming=streaming)


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("{}/no/where", {}, "there is no folder .*no/where; expected a folder"),
        ("./nowhere", {}, "there is no folder .*nowhere"),
        ("{}/train.parquet", {}, "is a file; .*dataset.path=parquet dataset.data_files="),
        ("parquet", {"data_files": "{}/trian.parquet"}, 'no file "trian.parquet".*did you mean "train.parquet"'),
        ("json", {"data_files": "{}/README.md"}, "dataset.path: json: .*can read"),
        ("catalog/icon", {}, 'did you mean "icons"'),
    ],
)
def test_sources_that_are_not_there(folder, path, options, message):
    options = {name: value.format(folder) for name, value in options.items()}
    with pytest.raises(DataError, match=message):
        load(path.format(folder), **options)


def test_without_a_network_the_hub_fails_at_once(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    assert not origin.hub_answers()
    before = datasets.config.HF_HUB_OFFLINE
    start = time.perf_counter()
    with pytest.raises(DataError, match=r"someone/nothing-like-this: .*connect, name a local folder, or use a catalog"):
        load("someone/nothing-like-this")
    assert time.perf_counter() - start < 5
    assert datasets.config.HF_HUB_OFFLINE is before


def test_lists_in_cut_chunks_keep_their_offsets():
    chunks = pa.chunked_array([[[0], [1, 0], []], [[1], [0, 1]]], type=pa.list_(pa.int64()))
    features = datasets.Features({"tags": FEATURES["tags"]})
    rows = datasets.Dataset(pa.table({"tags": chunks}), info=datasets.DatasetInfo(features=features))
    chosen = choose_columns(rows.select(range(1, 5)), {"tags": "tags"}, split="train")
    assert chosen["tags"][:] == [["B", "A"], [], ["B"], ["A", "B"]]


def test_folders_of_one_name_and_changed_files_are_not_taken_for_each_other(tmp_path):
    for parent, numbers in (("one", range(10)), ("two", range(20, 30))):
        (tmp_path / parent / "set").mkdir(parents=True)
        (tmp_path / parent / "set" / "README.md").write_text(README, encoding="utf-8")
        for split in ("train", "test"):
            write(tmp_path / parent / "set", split, numbers)
    texts = [load(tmp_path / parent / "set", validation="train[:2]").train["text"][0] for parent in ("one", "two")]
    assert texts == ["sentence 0", "sentence 20"]
    write(tmp_path / "one" / "set", "train", range(40, 55))
    assert load(tmp_path / "one" / "set", validation="train[:2]").train["text"][0] == "sentence 40"
