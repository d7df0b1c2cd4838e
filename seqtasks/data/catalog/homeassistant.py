"""`catalog/homeassistant`: the texts of a smart-home interface, English to some thirty languages.

Texts are aligned by their key in the translation files. Left out, in this order: texts with HTML tags; English
texts of one word or more than 20 and translations of more than 20; repeats of an English text, whatever their
case (the most frequent translation is kept, the first among equals); texts left in English.

A translation equal to its source is mostly right ("Dolby Surround", "433 MHz", "Position {number}"), so such a
pair is taken for untranslated only if two or more of its words outside placeholders are all lower-case letters
("The device is not plugged in"): 5 pairs in French, 4 in German, 26 in Dutch. The other equal pairs stay
(379 in French).

Split: 80/10/10 by the SHA-256 of the case-folded English text with numbers and placeholders masked, so "Position 7"
and "position {number}" share a split. Placeholders such as `{name}` stay whole.
"""

import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split, split_of

# The languages with 2,000 pairs or more.
_LANGUAGES = (
    "bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "ga", "he", "hu", "id", "it", "ja", "ko", "lt", "nb",
    "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr-Latn", "sv", "tr", "uk", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip
_MOST_WORDS = 20
_HTML = re.compile(r"<[^<>]+>")
_MASKED = re.compile(r"\{[^{}]*\}|\d+")
_LOWER_CASE_WORD = re.compile(r"\b[a-z]{2,}\b")


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    translations: dict[str, Counter[str]] = defaultdict(Counter)
    spelling: dict[str, str] = {}
    for source, target in _pairs(archive, f"/translations/{config}.json"):
        if not _HTML.search(source + target) and _has_good_length(source, target):
            folded = source.casefold()
            spelling.setdefault(folded, source)
            translations[folded][target] += 1
    # Counter.most_common keeps the order of first occurrence among equals.
    best = ((spelling[folded], counts.most_common(1)[0][0]) for folded, counts in translations.items())
    pairs = [(source, target) for source, target in best if not _is_untranslated(source, target)]
    columns = {"source": [source for source, _ in pairs], "target": [target for _, target in pairs]}
    splits = (split_of(_MASKED.sub("#", source).casefold()) for source, _ in pairs)
    return by_split(splits, columns)


def _pairs(archive: zipfile.ZipFile, ending: str) -> Iterator[tuple[str, str]]:
    """English and other text of every key that both files of a component have, white space made single."""
    members = set(archive.namelist())
    for name in sorted(members):
        english = name.removesuffix(ending) + "/translations/en.json"
        if name.endswith(ending) and english in members:
            targets = dict(_texts(json.loads(archive.read(name))))
            for key, source in _texts(json.loads(archive.read(english))):
                if key in targets:
                    yield " ".join(source.split()), " ".join(targets[key].split())


def _texts(tree: dict[str, dict | str], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The leaves of a translation file with their path."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _texts(value, (*prefix, key))
        else:
            yield (*prefix, key), value


def _has_good_length(source: str, target: str) -> bool:
    return 2 <= len(source.split()) <= _MOST_WORDS and 1 <= len(target.split()) <= _MOST_WORDS


def _is_untranslated(source: str, target: str) -> bool:
    return source == target and len(_LOWER_CASE_WORD.findall(_MASKED.sub("", source))) >= 2


HOMEASSISTANT = CatalogSet(
    name="homeassistant",
    title="Home Assistant translations",
    description="short English texts of a smart-home interface and their translations; name: the language",
    wheel=Wheel(
        package="homeassistant",
        version="2026.8.1",
        sha256="35005ce5491f64e48dfa0ca8436751474b8d8ec346a2406c2e2ba0f40427afcd",
        megabytes=59.8,
        python_version="3.14.2",
    ),
    licence="Apache-2.0",
    citation="The Home Assistant Authors. Home Assistant 2026.8.1.",
    homepage="https://www.home-assistant.io/",
    columns=("source", "target"),
    configs=_LANGUAGES,
    rows=_rows,
)
