"""`catalog/turkish_treebanks`: Turkish words and their parts of speech, annotated by hand.

Web and Wikipedia sentences of the Turkish Web Treebank, 14 tags. A word is one or more inflectional groups,
and a token is a group. Split as the package's own reader does: of every ten sentences of a file the ninth is
validation and the tenth is test (3,881 / 485 / 485).
"""

import io
import zipfile

from datasets import Dataset, concatenate_datasets

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel
from seqtasks.data.conllu import parse_conllu

_FILES = ("data/web.conllu", "data/wiki.conllu")


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    places = {"train": set(range(8)), "validation": {8}, "test": {9}}
    files = []
    for name in _FILES:
        with io.TextIOWrapper(archive.open(name), encoding="utf-8") as lines:
            files.append(parse_conllu(lines, name).select_columns(["tokens", "upos"]).rename_column("upos", "tags"))
    return {
        split: concatenate_datasets(
            [file.select([row for row in range(len(file)) if row % 10 in members]) for file in files]
        )
        for split, members in places.items()
    }


TURKISH_TREEBANKS = CatalogSet(
    name="turkish_treebanks",
    title="Turkish Web Treebank",
    description="Turkish words and their parts of speech (web and Wikipedia)",
    wheel=Wheel(
        package="turkish-treebanks",
        version="1.0.0",
        sha256="5a009c29a8e96e8f7e25059d59ac293c3baead6d746bf0fa4c9d3349b1e37ba0",
        megabytes=1.2,
    ),
    licence="Apache-2.0",
    citation="T. Kayadelen, A. Öztürel and B. Bohnet. A Gold Standard Dependency Treebank for Turkish. LREC 2020.",
    homepage="https://github.com/google-research-datasets/turkish-treebanks",
    columns=("tokens", "tags"),
    rows=_rows,
)
