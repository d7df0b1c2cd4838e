"""`catalog/irish_tunes`: Irish and American dance tunes in ABC notation, with rhythm, metre, key and unit length.

Ryan's Mammoth Collection (1883) and O'Neill's Music of Ireland (1903), as typed in by volunteers. A tune is what
stands after the first `K:` line, without comments and words; changes of key and metre within it stay. Left out are
tunes without a rhythm (`R:`), of a rhythm that hardly occurs, or whose key is none that ABC knows.

Split: 80/10/10 by SHA-256. Many tunes were typed in twice, and some differ in little but their title. So two tunes
share a split if they share a title (in any order of words: "Kerry Cobbler, The") or 20 notes in a row, rhythm and
ornaments aside, or if others link them in this way.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split, families, split_of

_FILE = re.compile(r"music21/corpus/(ryansMammoth|oneills1850)/.*\.abc")
_RHYTHMS = ("reel", "hornpipe", "jig", "double jig", "slip jig", "strathspey", "clog", "air")  # at least 20 tunes each
_KEY = re.compile(r"([A-G][b#]?) ?((?i:maj|min|dor|phr|lyd|mix|aeo|loc)[a-z]*|[Mm]|)")
_METERS = {"C": "4/4", "C|": "2/2"}
_FIELD = re.compile(r"^([A-Za-z]): *(.*?) *(?:%.*)?$", re.MULTILINE)
_NOT_MUSIC = re.compile(r"[WwNZ]:")
_ORNAMENT = re.compile(r"\"[^\"]*\"|\{[^}]*\}|![^!\n]*!|^[A-Za-z]:.*$", re.MULTILINE)
_COMPARED_NOTES = 20


@dataclass(frozen=True)
class _Tune:
    titles: tuple[str, ...]
    attributes: tuple[str, ...]
    music: str

    def runs(self) -> set[str]:
        """All runs of notes that are long enough to know a tune by."""
        notes = "".join(re.findall("[A-Ga-g]", _ORNAMENT.sub("", self.music))).lower()
        return {notes[start : start + _COMPARED_NOTES] for start in range(max(1, len(notes) - _COMPARED_NOTES + 1))}


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    files = (archive.read(name).decode("utf-8") for name in sorted(archive.namelist()) if _FILE.fullmatch(name))
    tunes = [tune for file in files for tune in _tunes(file)]
    columns: dict[str, list] = {
        "attributes": [list(tune.attributes) for tune in tunes],
        "tune": [tune.music for tune in tunes],
    }
    links = [(title, run) for tune in tunes for title in tune.titles for run in tune.runs()]
    titles = [title for title, _ in links]
    family = dict(zip(titles, families(titles, [run for _, run in links]), strict=True))
    return by_split((split_of(family[tune.titles[0]]) for tune in tunes), columns)


def _tunes(file: str) -> Iterator[_Tune]:
    texts = re.split(r"^(?=X:)", "\n".join(file.splitlines()), flags=re.MULTILINE)[1:]
    return (tune for tune in map(_tune, texts) if tune)


def _tune(text: str) -> _Tune | None:
    header, _, rest = text.partition("\nK:")
    key_line, _, body = rest.partition("\n")
    fields: list[tuple[str, str]] = _FIELD.findall(header)
    first = dict(reversed(fields))
    rhythm = first.get("R", "").lower().replace("slipjig", "slip jig")
    key = _key(key_line.partition("%")[0].strip())
    lines = (line.partition("%")[0].strip() for line in body.splitlines())
    music = "\n".join(line for line in lines if line and not _NOT_MUSIC.match(line))
    if rhythm not in _RHYTHMS or key is None or not music:
        return None
    meter = _METERS.get(first["M"], first["M"])
    return _Tune(
        titles=tuple(_plain(value) for name, value in fields if name == "T"),
        attributes=(f"rhythm={rhythm}", f"meter={meter}", f"key={key}", f"unit={first.get('L') or _unit(meter)}"),
        music=music,
    )


def _key(field: str) -> str | None:
    """`Adorian` -> `Ador`, `E Minor` -> `Em`, `GM` -> `G`; None if there is no such key."""
    match = _KEY.fullmatch(field)
    if match is None:
        return None
    tonic, mode = match[1], match[2]
    mode = mode[:3].lower() if len(mode) > 1 else mode
    return tonic + {"maj": "", "M": "", "min": "m"}.get(mode, mode)


def _unit(meter: str) -> str:
    """The length of a note without a number where `L:` is missing, as the ABC standard has it."""
    beats, beat = meter.split("/")
    return "1/16" if int(beats) / int(beat) < 0.75 else "1/8"


def _plain(title: str) -> str:
    """The words of a title that tell tunes apart, in alphabetical order."""
    words = re.findall(r"[^\W_]+", title.casefold().replace("'", "").partition(" -- ")[0])
    return " ".join(sorted(set(words) - {"the", "a", "an"}))


IRISH_TUNES = CatalogSet(
    name="irish_tunes",
    title="Irish dance tunes",
    description="reels, jigs, hornpipes and other dances in ABC notation, with rhythm, metre, key and unit length",
    wheel=Wheel(
        package="music21",
        version="10.5.1",
        sha256="dc3309498c4c95cebdf8d4f20c868deb6b63bce1d929cad4f51a7ccc982987b1",
        megabytes=20.1,
    ),
    licence="package BSD-3-Clause; the books are in the public domain, the transcribers let theirs be distributed with "
    "the package",
    citation="M.S. Cuthbert and C. Ariza. music21: A Toolkit for Computer-Aided Musicology and Symbolic Music Data. "
    "ISMIR 2010. (Transcriptions: J. Chambers, N. Paap and others.)",
    homepage="https://www.music21.org/",
    columns=("attributes", "tune"),
    rows=_rows,
)
