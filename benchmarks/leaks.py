"""Which test rows stand in training rows, of the same set or of one that is read beforehand?

    python benchmarks/leaks.py    # keeps the counts in docs/results/leaks.json; results.py puts them on its page

Letter case, accents and punctuation aside. The report of every run counts equal rows of its own set, letter by letter.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seqtasks.data.origin import open_source
from seqtasks.files import write_json
from seqtasks.recipe.blocks import DatasetBlock

KEPT = Path(__file__).parents[1] / "docs" / "results" / "leaks.json"
IMDB, TOMATOES = ("stanfordnlp/imdb", "text"), ("cornell-movie-review-data/rotten_tomatoes", "text")
SST2, DIALOGUES = ("stanfordnlp/sst2", "sentence"), ("li2017dailydialog/daily_dialog", "dialog")
PAIRS = ((IMDB, IMDB), (DIALOGUES, DIALOGUES), (TOMATOES, SST2), (SST2, TOMATOES), (IMDB, SST2), (IMDB, TOMATOES))
"""Of training rows and test rows: the path of the set and its column of texts."""


@dataclass(frozen=True)
class Leak:
    """Test rows that stand in training rows.

    Args:
        train: the set whose training rows were read.
        test: the set whose test rows were looked for.
        rows: how many test rows there are.
        equal: how many are a training row.
        within: how many are a run of words within a longer training row, those that are one left out.
        longest: the words of the longest of these.
    """

    train: str
    test: str
    rows: int
    equal: int
    within: int
    longest: int


def main() -> None:
    """Count, and keep the counts."""
    leaks = [count(train[0], test[0], texts(*train, "train"), texts(*test, "test")) for train, test in PAIRS]
    write_json(KEPT, [asdict(leak) for leak in leaks])
    print(*leaks, sep="\n")


def texts(path: str, column: str, split: str) -> list[str]:
    """The texts of a split, each as its words."""
    rows: Iterable[Any] = open_source(DatasetBlock(path=path))[split][column]
    return [words(row if isinstance(row, str) else " ".join(row)) for row in rows]


def words(text: str) -> str:
    """A text without letter case, accents, punctuation, and a treebank's spaces before clitics (`do n't`)."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("<br />", " ").replace("’", "'"))
    plain = re.sub(r"-[lr]rb-", " ", plain.encode("ascii", "ignore").decode())
    plain = re.sub(r"\s+(n't|'(?:s|re|ve|ll|d|m))\b", r"\1", plain).replace("'", "")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def count(train: str, test: str, given: list[str], wanted: list[str]) -> Leak:
    """Look for every test row among the training rows, and within them."""
    whole = set(given)
    everything = "\n".join(f" {text} " for text in given)
    equal = [text for text in wanted if text in whole]
    within = [text for text in wanted if text and text not in whole and f" {text} " in everything]
    longest = max((len(text.split()) for text in within), default=0)
    return Leak(train, test, len(wanted), len(equal), len(within), longest)


if __name__ == "__main__":
    main()
