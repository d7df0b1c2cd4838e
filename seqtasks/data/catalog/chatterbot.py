"""`catalog/chatterbot`: lines of English small talk and what a chat program answers.

In most files a conversation is a dialogue, and each line is the reply to the one before. In `computers` and `emotion`
it is a question and several answers to it. White space is made single; a pair that comes several times stands once;
replies that hold program code are left out.

Split: 80/10/10 by the SHA-256 of the utterance's letters, case-folded, so all replies to an utterance share a split,
however it is punctuated.
"""

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePosixPath

import yaml
from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split, split_of

_FOLDER = "chatterbot_corpus/data/english/"
_QUESTION_AND_ANSWERS = ("computers", "emotion")
_CODE = "```"
_LETTER = re.compile(r"[^\W\d_]")


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    found: dict[tuple[str, str], None] = {}
    for name in sorted(archive.namelist()):
        if name.startswith(_FOLDER) and name.endswith(".yml"):
            topic = PurePosixPath(name).stem
            for lines in yaml.safe_load(archive.read(name))["conversations"]:
                # One conversation of the file is a lone string.
                if isinstance(lines, list):
                    found |= dict.fromkeys(_pairs(lines, topic))
    columns = {"utterance": [utterance for utterance, _ in found], "reply": [reply for _, reply in found]}
    splits = (split_of("".join(_LETTER.findall(utterance.casefold()))) for utterance in columns["utterance"])
    return by_split(splits, columns)


def _pairs(lines: list[str], topic: str) -> Iterator[tuple[str, str]]:
    pairs = ((lines[0], line) for line in lines[1:]) if topic in _QUESTION_AND_ANSWERS else pairwise(lines)
    for utterance, reply in pairs:
        if _CODE not in reply:
            yield " ".join(utterance.split()), " ".join(reply.split())


CHATTERBOT = CatalogSet(
    name="chatterbot",
    title="ChatterBot corpus",
    description="lines of English small talk and replies to them",
    wheel=Wheel(
        package="chatterbot-corpus",
        version="1.3.3",
        sha256="86de5300afb9a80826386339d3bec79c0a72eb0358abb8327e2ecef5ae0ce154",
        megabytes=0.3,
    ),
    licence="BSD-3-Clause",
    citation="G. Cox and contributors. ChatterBot Language Training Corpus 1.3.3.",
    homepage="https://github.com/gunthercox/chatterbot-corpus",
    columns=("utterance", "reply"),
    rows=_rows,
)
